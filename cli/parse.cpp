// The one place that knows the flags. CLI11 is heavy, so that this is also the one file that
// includes it.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <cstdio>
#include <functional>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/math/compat.h"
#include "benchmarks/math/policy.h"
#include "cli/answer_arguments.h"
#include "cli/options.h"
#include "engine/model_shapes.h"
#include "harness/build_info.h"

namespace quorum::cli {
namespace {

using Action = std::function<int()>;

// A verb with its help; `examples` are shown below the flags.
CLI::App* add_verb(CLI::App& parent, const std::string& name, const std::string& about,
                   const std::string& examples) {
  CLI::App* verb = parent.add_subcommand(name, about);
  verb->footer("Examples:\n" + examples);
  return verb;
}

void add_common(CLI::App* verb, CommonOptions& common, bool json = true) {
  verb->add_flag("-q,--quiet", common.quiet, "No progress and no remarks on stderr");
  verb->add_flag("--no-color", common.no_color, "No colours (also NO_COLOR, TERM=dumb)");
  if (json) verb->add_flag("--json", common.json, "Data as JSON on stdout");
}

std::int64_t byte_size(const std::string& text, const std::string& flag, std::int64_t least) {
  if (const auto bytes = parse_byte_size(text); bytes && *bytes >= least) return *bytes;
  throw Error(ErrorKind::kUsage, flag + " " + text + " is no size", "",
              "bytes with K, M, G or T, such as 2G");
}

// A number of bytes such as 512M or 2G.
void add_bytes(CLI::App* verb, const std::string& flag, std::optional<std::int64_t>& target,
               const std::string& about, std::int64_t least = 1) {
  verb->add_option_function<std::string>(
          flag,
          [&target, flag, least](const std::string& text) {
            target = byte_size(text, flag, least);
          },
          about)
      ->type_name("SIZE");
}

void add_device(CLI::App* verb, std::string& device) {
  verb->add_option("--device", device, "cpu, cuda (the first GPU) or cuda:INDEX");
}

void add_kv_memory(CLI::App* verb, std::optional<std::int64_t>& bytes) {
  add_bytes(verb, "--kv-memory", bytes,
            "Memory for the KV cache, such as 2G (default: 2G on the CPU, what is free on a GPU)");
}

void add_no_overlap(CLI::App* verb, bool& flag) {
  verb->add_flag(
      "--no-overlap", flag,
      "On a GPU, attention and products always one after the other: to compare, for tools "
      "that let no two kernels run at once, or beside other programs under MPS; changes "
      "no sample");
}

void add_swap_memory(CLI::App* verb, std::optional<std::int64_t>& bytes) {
  add_bytes(verb, "--swap-memory", bytes,
            "Host memory for the KV of preempted samples; 0: they start again (default: a quarter "
            "of the machine's on a GPU, 0 on the CPU)",
            0);
}

void add_max_batch(CLI::App* verb, std::optional<int>& count) {
  verb->add_option_function<int>(
          "--max-batch", [&count](int n) { count = n; },
          "Sequences at once (default: 64 on the CPU, what memory allows on a GPU)")
      ->check(CLI::Range(1, 1 << 16));
}

// Folders with data sets; the flag may be given several times.
void add_data_folders(CLI::App* verb, std::vector<std::filesystem::path>& folders) {
  verb->add_option("--data", folders, "Folder with data sets; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false)  // a file behind it is an argument of the verb
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_database(CLI::App* verb, DatabaseOptions& options) {
  add_common(verb, options.common);
  verb->add_option("--db", options.db, "Database (default quorum.db)")->type_name("FILE");
  verb->add_option("--model", options.models, "Only these models, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--bench", options.benchmarks, "Only these benchmarks, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_model(CLI::App* verb, ModelOptions& model, bool template_flags) {
  verb->add_option("--model", model.model,
                   "Checkpoint folder, or a name in the local Hugging Face cache")
      ->required()
      ->type_name("DIR|NAME");
  if (template_flags)
    verb->add_option("--think", model.think, "auto, force, off or template (docs/PROMPTS.md)");
  add_device(verb, model.device);
  verb->add_option("--threads", model.threads, "Threads of the CPU backend (default: all cores)")
      ->check(CLI::Range(0, 1024));
  add_kv_memory(verb, model.kv_memory);
  if (template_flags)
    verb->add_option("--date", model.date, "The day that templates see (default: today)")
        ->type_name("YYYY-MM-DD");
}

void add_sampling(CLI::App* verb, double& temperature, double& top_p, int& max_tokens,
                  std::uint64_t& seed) {
  verb->add_option("--temperature", temperature, "Sampling temperature; 0: greedy")
      ->check(CLI::Range(0.0, 100.0));
  verb->add_option("--top-p", top_p,
                   "Nucleus: tokens whose mass before them is below this share stay")
      ->check(CLI::Range(1e-9, 1.0));
  verb->add_option("--max-tokens", max_tokens, "Tokens that a completion may have")
      ->check(CLI::Range(1, 1 << 24));
  verb->add_option("--seed", seed, "Another seed draws other samples");
}

void add_policy(CLI::App* verb, std::string& policy) {
  std::string names;
  for (const PolicyName& one : policy_names())
    names += "\n  " + std::string(one.name) + "=" + std::string(one.values) + ": " +
             std::string(one.meaning);
  verb->add_option("--policy", policy,
                   "Readings of answers beyond mathematics, separated by commas "
                   "(docs/GRADING.md); default: none." +
                       names)
      ->type_name("NAME=VALUE,…");
}

void add_sandbox_level(CLI::App* verb, std::string& level) {
  verb->add_option("--sandbox-level", level,
                   "A, B, C or D: this one or none (default: the strongest that holds here; "
                   "docs/SANDBOX.md)")
      ->type_name("LEVEL");
}

void add_programs(CLI::App* verb, ProgramSpec& programs) {
  verb->add_option("--tests-mode", programs.modes,
                   "How programs are judged: process, lcb-official or both; the first decides "
                   "(docs/LIVECODEBENCH.md; default process,lcb-official)")
      ->type_name("MODE,…");
  verb->add_option("--code-block", programs.code_block,
                   "The program of process: the last closed block behind the thought (last), or by "
                   "LiveCodeBench's rule (official)")
      ->type_name("RULE");
  add_sandbox_level(verb, programs.sandbox_level);
}

void add_run(CLI::App& app, RunOptions& options, Action& action) {
  CLI::App* verb = add_verb(
      app, "run", "Generate what is missing, grade it, print the report",
      "  quorum run --model models/tiny --bench mini\n"
      "  quorum run --model deepseek-ai/DeepSeek-R1-Distill-Qwen-7B --bench aime24,math500 --data "
      "~/data\n"
      "  quorum run --model DIR --bench my_set.jsonl --samples 16 --dry-run\n"
      "The same command resumes an interrupted run; more --samples add to what is stored.");
  RunSpec& spec = options.spec;
  static std::string spec_file;  // read before the flags are, see below
  verb->add_option("--spec", spec_file, "A commented JSON file that says what flags say; flags win")
      ->type_name("FILE");
  add_common(verb, options.common);
  verb->add_option("--model", spec.model,
                   "Checkpoint folder, or a name in the local Hugging Face cache")
      ->type_name("DIR|NAME");
  verb->add_option_function<std::string>(
          "--bench", [&spec](const std::string& list) { spec.benchmarks = split(list, ','); },
          "Benchmarks by name, or .jsonl files, separated by commas")
      ->type_name("NAME|FILE,…");
  verb->add_option("--samples", spec.samples, "Samples a query (default 64)")
      ->check(CLI::Range(1, 1 << 20));
  add_sampling(verb, spec.sampling.temperature, spec.sampling.top_p, spec.sampling.max_tokens,
               spec.sampling.seed);
  verb->add_option_function<int>(
          "--limit", [&spec](int n) { spec.limit = n; },
          "Only the first N queries: not a result of the benchmark")
      ->check(CLI::Range(1, 1 << 30));
  verb->add_option_function<std::string>(
      "--ids", [&spec](const std::string& list) { spec.ids = split(list, ','); },
      "Only these queries, separated by commas");
  verb->add_option("--prompt", spec.prompt, "Prompt variant (quorum data prompts lists them)");
  add_policy(verb, spec.policy);
  add_programs(verb, spec.programs);
  verb->add_option("--think", spec.think, "auto, force, off or template (docs/PROMPTS.md)");
  add_device(verb, spec.device);
  add_max_batch(verb, spec.max_batch);
  verb->add_option("--threads", spec.threads, "Threads of the CPU backend (default: all cores)")
      ->check(CLI::Range(0, 1024));
  add_kv_memory(verb, spec.kv_memory);
  add_swap_memory(verb, spec.swap_memory);
  add_no_overlap(verb, spec.no_overlap);
  verb->add_option("--date", spec.date,
                   "The day that templates which ask for one see; part of the prompt")
      ->type_name("YYYY-MM-DD");
  verb->add_option_function<std::uint64_t>(
      "--shuffle", [&spec](std::uint64_t seed) { spec.shuffle = seed; },
      "Another order of the attempts; changes no sample");
  verb->add_flag("--allow-mixed", spec.allow_mixed,
                 "Continue a run although the numerics fingerprint differs");
  verb->add_option("--published-as", spec.published_as,
                   "Compare with the published scores of this model");
  verb->add_option("--db", spec.db, "Database (default quorum.db)")->type_name("FILE");
  add_data_folders(verb, spec.data);
  verb->add_flag("--dry-run", options.dry_run,
                 "Say what would be done: attempts, tokens, memory, time");
  verb->add_flag("--generate-only", options.generate_only,
                 "Grade nothing: quorum grade does it later, also on another machine");
  verb->callback([&] { action = [&] { return run_verb(options); }; });
}

void add_store_verbs(CLI::App& app, GradeOptions& grade, ReportOptions& report,
                     ExportOptions& exports, ImportOptions& imports, AuditOptions& audit,
                     ShowOptions& show, ListOptions& list, Action& action) {
  CLI::App* verb = add_verb(app, "grade", "Grade stored completions again and print what changed",
                            "  quorum grade --db quorum.db\n"
                            "The last grading is the one that reports show.");
  add_database(verb, grade);
  verb->add_flag("--reasons", grade.reasons, "List also what only changed its reason");
  add_policy(verb, grade.policy);
  add_programs(verb, grade.programs);
  verb->callback([&] { action = [&] { return grade_verb(grade); }; });

  verb = add_verb(app, "report", "Scores with their errors, beside published ones",
                  "  quorum report\n  quorum report --format html --out report.html\n  quorum "
                  "report --json | jq '.rows[].pass_at_1'");
  add_database(verb, report);
  verb->add_option("--format", report.format, "text, markdown, csv, latex, html or json");
  verb->add_option("--out", report.out, "Write to a file instead of stdout")->type_name("FILE");
  verb->callback([&] { action = [&] { return report_verb(report); }; });

  verb = add_verb(app, "export", "Every sample as one JSON object a line",
                  "  quorum export --out samples.jsonl");
  add_database(verb, exports);
  verb->add_option("--format", exports.format, "jsonl");
  verb->add_option("--out", exports.out, "Write to a file instead of stdout")->type_name("FILE");
  verb->callback([&] { action = [&] { return export_verb(exports); }; });

  verb = add_verb(app, "import", "Store and grade completions that were made elsewhere",
                  "  quorum import --bench math500 --model qwen outputs.jsonl --data ~/data");
  add_common(verb, imports.common);
  verb->add_option("--db", imports.db, "Database (default quorum.db)")->type_name("FILE");
  verb->add_option("--bench", imports.benchmark,
                   "The benchmark that was answered, or a name for the files' own problems")
      ->required();
  verb->add_option("--model", imports.model, "The name that reports will show")->required();
  verb->add_option("--label", imports.label,
                   "The field that holds another grader's judgement, kept for audit (default: "
                   "correct, score, exact_match, …)")
      ->type_name("NAME");
  add_data_folders(verb, imports.data);
  add_programs(verb, imports.programs);
  verb->add_option("files", imports.files,
                   "Exports of quorum, or files of the shapes in docs/FORMATS.md")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->required()
      ->type_name("FILE…");
  verb->callback([&] { action = [&] { return import_verb(imports); }; });

  verb = add_verb(app, "audit", "Where another grader's judgement of completions differs from ours",
                  "  quorum audit outputs.jsonl                  the files' own gold answers\n"
                  "  quorum audit --bench math500 samples_*.jsonl --label exact_match\n"
                  "  quorum audit --db quorum.db --model qwen    what was imported\n"
                  "Exit code 0: they agree everywhere, 1: they do not.");
  add_database(verb, audit);
  add_policy(verb, audit.policy);
  add_programs(verb, audit.programs);
  verb->add_option("--label", audit.label,
                   "The field that holds the judgement (default: correct, score, exact_match, …)")
      ->type_name("NAME");
  verb->add_option("--grader", audit.grader,
                   "integer, math, choice or exact, for files without --bench (default math)");
  add_data_folders(verb, audit.data);
  verb->add_option("files", audit.files,
                   "Files of the shapes in docs/FORMATS.md; none: what --db holds")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("FILE…");
  verb->callback([&] { action = [&] { return audit_verb(audit); }; });

  verb = add_verb(app, "show", "One sample as a person reads it",
                  "  quorum show --bench mini --query mini-07 --sample 3\n  quorum show --query "
                  "mini-07 --json");
  add_database(verb, show);
  verb->add_option("--query", show.query, "The query's id")->required();
  verb->add_option("--sample", show.sample, "The sample index (default 0)")
      ->check(CLI::Range(0, 1 << 24));
  verb->callback([&] { action = [&] { return show_verb(show); }; });

  verb = add_verb(app, "list", "Runs, benchmarks and models in the database",
                  "  quorum list --db quorum.db");
  add_database(verb, list);
  verb->callback([&] { action = [&] { return list_verb(list); }; });
}

void add_data(CLI::App& app, DataOptions& options, Action& action) {
  CLI::App* data = add_verb(app, "data", "Data sets: what is there, adding and checking files",
                            "  quorum data list --data ~/data\n  quorum data add math500.jsonl\n  "
                            "quorum data check my_set.jsonl");
  data->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& about, bool file) {
    CLI::App* verb = data->add_subcommand(name, about);
    add_common(verb, options.common);
    if (file) verb->add_option("file", options.file, "The file")->required()->type_name("FILE");
    if (!file) add_data_folders(verb, options.data);
    verb->callback([&options, &action, name] {
      options.action = name;
      action = [&options] { return data_verb(options); };
    });
  };
  add("list", "Every benchmark: there, missing, and where it is published", false);
  add("add", "Import a published file into the user cache, verified", true);
  add("check", "Name every bad row of a set", true);
  add("prompts", "The prompt variants of --prompt", false);
}

void add_model_verbs(CLI::App& app, GenerateOptions& generate, ProbeOptions& probe,
                     Action& action) {
  CLI::App* verb =
      add_verb(app, "generate", "One completion on stdout, streamed",
               "  quorum generate --model models/tiny --prompt 'What is 12 + 30?'\n"
               "  echo 'Once upon a time' | quorum generate --model DIR --raw --temperature 0");
  add_common(verb, generate.common);
  add_model(verb, generate.model, true);
  verb->add_option_function<std::string>(
          "--prompt", [&](const std::string& text) { generate.prompt = text; },
          "The user's message; -: stdin")
      ->type_name("TEXT|-");
  verb->add_option("--system", generate.system, "A system message")->type_name("TEXT");
  verb->add_flag("--raw", generate.raw, "No template: the prompt as it is, after BOS");
  add_sampling(verb, generate.temperature, generate.top_p, generate.max_tokens, generate.seed);
  verb->callback([&] { action = [&] { return generate_verb(generate); }; });

  CLI::App* parent = add_verb(
      app, "probe", "What tokenizer, template and model make of given input",
      "  echo -n 'Hello' | quorum probe tokenize --model DIR\n"
      "  echo '{\"ids\":[1,2]}' | quorum probe tokenize --decode --model DIR\n"
      "  echo '[{\"role\":\"user\",\"content\":\"Hi\"}]' | quorum probe render --model DIR\n"
      "  echo '{\"ids\":[1,2]}' | quorum probe logprobs --model DIR --top 5");
  parent->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& about) {
    CLI::App* sub = parent->add_subcommand(name, about);
    add_common(sub, probe.common);
    add_model(sub, probe.model, name == "render");
    sub->callback([&probe, &action, name] {
      probe.action = name;
      action = [&probe] { return probe_verb(probe); };
    });
    return sub;
  };
  add("tokenize", "Text on stdin to token ids (no BOS is added)")
      ->add_flag("--decode", probe.decode, "Token ids to text");
  add("render", "JSON messages on stdin to the prompt's text");
  CLI::App* logprobs = add("logprobs", "Token ids on stdin to log-probs, a row a position");
  logprobs->add_option("--top", probe.top, "Only the N largest of each row, as [id, log-prob]")
      ->check(CLI::Range(1, 1 << 24));
  logprobs
      ->add_option("--positions", probe.positions,
                   "Only the rows after these tokens, such as 0,5,10-12")
      ->type_name("LIST");
}

void add_math(CLI::App& app, MathOptions& options, Action& action) {
  CLI::App* verb = add_verb(app, "math", "The math grader by itself",
                            "  quorum math '-\\frac{1}{2}' -0.5\n  quorum math --pairs pairs.jsonl "
                            "--verdicts\n  quorum math --extract texts.jsonl");
  add_common(verb, options.common);
  verb->add_option("gold", options.gold, "The gold answer");
  verb->add_option_function<std::string>(
      "answer", [&](const std::string& text) { options.answer = text, options.has_answer = true; },
      "The answer to compare with it");
  verb->add_option("--pairs", options.pairs, "Pairs: gold, prediction, expected")
      ->type_name("FILE.jsonl");
  verb->add_flag("--verdicts", options.verdicts, "With --pairs: one line a pair");
  verb->add_option("--extract", options.extract, "Texts: text, and optionally expected")
      ->type_name("FILE.jsonl");
  verb->add_option("--clusters", options.clusters, "Lists of answers: answers")
      ->type_name("FILE.jsonl");
  add_policy(verb, options.policy);
  verb->add_option("--compat", options.compat,
                   "The verdict of another grader and the rules in which it differs: " +
                       join(compat_mode_names(), ", "))
      ->type_name("NAME");
  verb->callback([&] { action = [&] { return math_verb(options); }; });
}

// What a measurement runs: a checkpoint, or random weights of a shape.
void add_perf_model(CLI::App* verb, PerfOptions& perf) {
  verb->add_option("--model", perf.model.model, "Checkpoint folder or cached name")
      ->type_name("DIR|NAME");
  verb->add_option("--random-weights", perf.random_weights,
                   "A config.json: random weights of that shape")
      ->type_name("FILE");
  verb->add_option("--model-shape", perf.model_shape,
                   "Random weights of a known shape: " + join(model_shape_names(), ", "))
      ->type_name("NAME");
}

void add_perf_limits(CLI::App* verb, PerfOptions& perf) {
  verb->add_option("--bandwidth", perf.bandwidth,
                   "Bytes/s of the GPU's memory (default: as known or measured)")
      ->check(CLI::Range(1e6, 1e18));
  verb->add_option("--flops", perf.flops, "bf16 FLOP/s of the GPU (default: as known or measured)")
      ->check(CLI::Range(1e6, 1e21));
}

void add_perf(CLI::App& app, PerfOptions& perf, Action& action) {
  CLI::App* parent = add_verb(
      app, "perf", "Achieved speed beside the machine's limit",
      "  quorum perf engine --model models/tiny\n"
      "  quorum perf engine --device cuda --random-weights config.json --workload "
      "work.json\n"
      "  quorum perf engine --predict --device cuda --model-shape 7b --workload work.json\n"
      "  quorum perf attention --model-shape 7b --batch 64,256 --context 2048,8192\n"
      "  quorum perf gemm --model-shape 7b --batch 64,256\n"
      "  quorum perf load --model DIR\n"
      "  quorum perf math --data math500.jsonl\n"
      "  quorum perf sandbox");
  parent->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& about) {
    CLI::App* verb = parent->add_subcommand(name, about);
    add_common(verb, perf.common);
    add_perf_model(verb, perf);
    add_device(verb, perf.model.device);
    verb->callback([&perf, &action, verb, name] {
      perf.action = name;
      if (name != "engine" && verb->count("--device") == 0) perf.model.device = "cuda";
      action = [&perf] { return perf_verb(perf); };
    });
    return verb;
  };
  const auto add_list = [&](CLI::App* verb, const std::string& flag, std::vector<int>& list,
                            const std::string& about) {
    verb->add_option(flag, list, about)
        ->delimiter(',')
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(CLI::Range(1, 1 << 20))
        ->type_name("N,…");
  };

  CLI::App* verb =
      add("engine",
          "Tokens a second of the engine beside the limit: the processor's operations, "
          "or the roofline of a GPU");
  verb->add_option("--workload", perf.workload,
                   "Prompts and output lengths as JSON (docs/FORMATS.md)")
      ->type_name("FILE");
  verb->add_flag("--predict", perf.predict,
                 "Do not run the workload: measure some of its steps on the GPU and say what all "
                 "of them take");
  add_no_overlap(verb, perf.no_overlap);
  add_max_batch(verb, perf.max_batch);
  verb->add_option("--threads", perf.model.threads, "Threads (default: all cores)")
      ->check(CLI::Range(0, 1024));
  add_kv_memory(verb, perf.model.kv_memory);
  add_swap_memory(verb, perf.swap_memory);
  add_perf_limits(verb, perf);

  verb = add("attention", "Decode attention of a layer beside the GPU's read bandwidth");
  add_list(verb, "--batch", perf.batches, "Sequences at once (default 64,256)");
  add_list(verb, "--context", perf.contexts, "Tokens of each (default 2048,8192,32768)");
  verb->add_flag("--ragged", perf.ragged,
                 "Lengths from a quarter to seven quarters of the context, which is their mean");
  add_bytes(verb, "--kv-memory", perf.model.kv_memory,
            "Memory of the cache that is read, over all layers (default 20G)");

  verb = add("gemm", "The products of a decode step beside what reading or computing takes");
  add_list(verb, "--batch", perf.batches, "Sequences at once (default 64,256)");
  add_perf_limits(verb, perf);

  CLI::App* math = parent->add_subcommand(
      "math", "Pairs and outputs a second of the math grader on one core beside reading memory");
  add_common(math, perf.common);
  math->add_option("--data", perf.data, "Gold answers, field \"answer\" (default: generated ones)")
      ->type_name("FILE.jsonl");
  math->add_option("--items", perf.items, "Pairs of each kind (default 20000)")
      ->check(CLI::Range(1, 1 << 24));
  math->add_option("--passes", perf.passes, "Passes, of which the median counts (default 5)")
      ->check(CLI::Range(1, 1000));
  math->callback([&perf, &action] {
    perf.action = "math";
    action = [&perf] { return perf_verb(perf); };
  });

  CLI::App* sandbox = parent->add_subcommand(
      "sandbox", "Trivial Python programs a second and core in the sandbox beside fork and exec");
  add_common(sandbox, perf.common);
  sandbox->add_option("--items", perf.programs, "Programs of a pass (default 2000)")
      ->check(CLI::Range(1, 1 << 24));
  sandbox->add_option("--passes", perf.passes, "Passes, of which the median counts (default 5)")
      ->check(CLI::Range(1, 1000));
  sandbox->callback([&perf, &action] {
    perf.action = "sandbox";
    action = [&perf] { return perf_verb(perf); };
  });

  verb = add("load", "Seconds from a checkpoint to the first token beside the copy to the GPU");
  add_max_batch(verb, perf.max_batch);
  add_kv_memory(verb, perf.model.kv_memory);
}

void add_sandbox(CLI::App* verb, SandboxOptions& sandbox) {
  add_sandbox_level(verb, sandbox.level);
  verb->add_option("--test-without", sandbox.without,
                   "Leave a wall out, to test the others: seccomp, landlock, namespaces")
      ->type_name("WALL")
      ->delimiter(',');
  verb->add_option(
          "--python", sandbox.python,
          "Interpreter of Python programs (default: python3 of PATH, the first with numpy)")
      ->type_name("FILE");
}

void add_exec(CLI::App& app, ExecOptions& options, Action& action) {
  CLI::App* verb = add_verb(
      app, "exec", "One program in the sandbox, and what became of it",
      "  quorum exec solution.py --stdin input.txt\n  quorum exec solution.cpp --time 2 --memory "
      "256M --json\n\n"
      "The verdict is the ending, without a checker: OK (ended with code 0), RE (another code, or "
      "a\n"
      "signal), TLE, MLE, OLE (time, memory, output above the limit), CE (C++ that does not "
      "compile).\n"
      "The exit code of this verb is 0 whatever the verdict, and 4 where no sandbox holds.");
  add_common(verb, options.common);
  verb->add_option("file", options.file, "The program")->required()->type_name("FILE");
  verb->add_option_function<std::string>(
          "--stdin", [&](const std::string& file) { options.stdin_file = file; },
          "Its input; - is this program's own (default: none)")
      ->type_name("FILE");
  verb->add_option("--time", options.seconds,
                   "Seconds of CPU time, and of wall time without waiting for a CPU")
      ->check(CLI::Range(0.01, 86400.0));
  const auto size = [&](const std::string& flag, std::int64_t& target, const std::string& about,
                        std::int64_t least) {
    verb->add_option_function<std::string>(
            flag,
            [&target, flag, least](const std::string& text) {
              target = byte_size(text, flag, least);
            },
            about)
        ->type_name("SIZE");
  };
  size("--memory", options.memory, "Address space, such as 512M (at least 16M)",
       std::int64_t{16} << 20);
  size("--output", options.output, "Most that it may print, such as 16M", 1);
  size("--scratch", options.scratch, "Size of its private /tmp; 0: none (levels C and D have none)",
       0);
  verb->add_option("--language", options.language, "python or cpp (default: by the file's name)");
  add_sandbox(verb, options.sandbox);
  verb->callback([&] { action = [&] { return exec_verb(options); }; });
}

void add_doctor(CLI::App& app, DoctorOptions& doctor, Action& action) {
  CLI::App* verb =
      add_verb(app, "doctor", "What this machine can do, and what to do about the rest",
               "  quorum doctor --json");
  add_common(verb, doctor.common);
  add_data_folders(verb, doctor.data);
  add_sandbox(verb, doctor.sandbox);
  verb->callback([&] { action = [&] { return doctor_verb(doctor); }; });
}

// The value of --spec, found before the flags are parsed so that they can win over it.
std::string find_spec(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--spec" && i + 1 < argc) return argv[i + 1];
    if (argument.rfind("--spec=", 0) == 0) return argument.substr(7);
  }
  return {};
}

// The command as a shell would take it.
std::string command_text(int argc, char** argv) {
  std::string out;
  for (int i = 0; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool plain =
        !argument.empty() && argument.find_first_not_of(
                                 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789_-+=./,:@%") == std::string::npos;
    out +=
        (i > 0 ? " " : "") + (plain ? argument : "'" + replace_all(argument, "'", "'\\''") + "'");
  }
  return out;
}

[[noreturn]] void usage_error(const CLI::App& app, const std::string& what,
                              const std::string& verb) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  std::string hint = verb.empty() ? "quorum --help" : "quorum " + verb + " --help";
  if (!verb.empty() && std::find(names.begin(), names.end(), verb) == names.end()) {
    const std::string near = nearest_name(verb, names);
    throw Error(ErrorKind::kUsage, "quorum has no verb \"" + verb + "\"", "",
                near.empty() ? "quorum --help" : "quorum " + near + ", or quorum --help");
  }
  throw Error(ErrorKind::kUsage, what, "", std::move(hint));
}

}  // namespace

int parse_and_run(int argc, char** argv) {
  CLI::App app(
      "Quorum evaluates reasoning models: 64 samples a query, pass@1 and cons@64 with error bars.",
      "quorum");
  app.footer(
      "Start with:\n  quorum run --model models/tiny --bench mini\n  quorum VERB --help\n"
      "Exit codes: 0 ok, 1 the answer is no, 2 usage or data, 3 incomplete, 4 environment, 5 not "
      "comparable, 70 internal,\n"
      "130 interrupted and resumable.");
  app.set_version_flag("--version", "quorum " + version_text());
  app.require_subcommand(1);
  app.option_defaults()->multi_option_policy(
      CLI::MultiOptionPolicy::TakeLast);  // a flag given twice: the last one wins

  RunOptions run;
  GradeOptions grade;
  ReportOptions report;
  ExportOptions exports;
  ImportOptions imports;
  AuditOptions audit;
  ShowOptions show;
  ListOptions list;
  DataOptions data;
  GenerateOptions generate;
  ProbeOptions probe;
  MathOptions math;
  PerfOptions perf;
  ExecOptions exec;
  DoctorOptions doctor;
  Action action;

  const std::string first = argc > 1 ? argv[1] : "";
  if (first == "run") {
    run.command = command_text(argc, argv);
    const std::string file = find_spec(argc, argv);
    if (!file.empty()) run.spec = parse_run_spec_json(read_file(file), file).take();
  }
  add_run(app, run, action);
  add_store_verbs(app, grade, report, exports, imports, audit, show, list, action);
  add_data(app, data, action);
  add_model_verbs(app, generate, probe, action);
  add_math(app, math, action);
  add_perf(app, perf, action);
  add_exec(app, exec, action);
  add_doctor(app, doctor, action);

  if (argc < 2) {
    std::fputs(app.help().c_str(), stderr);
    return exit_code(ErrorKind::kUsage);
  }
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (first == "math") {
    arguments = flags_first({arguments.begin() + 1, arguments.end()}, *app.get_subcommand("math"));
    arguments.insert(arguments.begin(), first);
  }
  std::reverse(arguments.begin(), arguments.end());  // the parser takes them from the end
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success& success) {  // --help, --version
    std::ostringstream out, ignored;
    app.exit(success, out, ignored);
    std::fputs(out.str().c_str(), stdout);
    return 0;
  } catch (const CLI::ParseError& error) {
    usage_error(app, error.what(), first.rfind("-", 0) == 0 ? "" : first);
  }
  QUORUM_CHECK(action != nullptr);
  return action();
}

}  // namespace quorum::cli
