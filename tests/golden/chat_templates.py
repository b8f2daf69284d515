"""Makes tests/golden/chat_templates.json: what Jinja2, set up as transformers sets it up, makes of chat templates.

Run from the checkout, with Jinja2 3.1 installed, as
    python3 tests/golden/chat_templates.py [DATA]
where DATA (default ../shared/data) has tokenizers/chat_templates/*.jinja and tokenizers/hf/*/tokenizer_config.json.

The published templates belong to others: of their output only length and SHA-256 are kept, and of an error whether
raise_exception gave its message. The templates in language_templates.py are our own, and stored with their output.
"""

import datetime
import hashlib
import json
import pathlib
import sys

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

from conversations import conversations
from language_templates import TEMPLATES, VARIABLES

UNIX_TIME = 1718454896  # 2024-06-15 12:34:56 UTC


class Raised(jinja2.exceptions.TemplateError):
    """The template called raise_exception."""


class Generation(jinja2.ext.Extension):
    """{% generation %}…{% endgeneration %} renders its body."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


def environment():
    def raise_exception(message):
        raise Raised(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(
            x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
        )

    def strftime_now(layout):
        now = datetime.datetime.fromtimestamp(UNIX_TIME, datetime.timezone.utc)
        return now.replace(tzinfo=None).strftime(layout)

    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = strftime_now
    return env


def render(env, source, variables):
    """{"text"}, {"raised": message} or {"failed": class name}."""
    try:
        text = env.from_string(source).render(**variables)
        text.encode()
        return {"text": text}
    except Raised as error:
        return {"raised": str(error)}
    except Exception as error:  # whatever Python raises in a template is an error of the template
        return {"failed": type(error).__name__}


def published_templates(data):
    found = {}
    for path in sorted((data / "tokenizers/chat_templates").glob("*.jinja")):
        found[f"tokenizers/chat_templates/{path.name}"] = path.read_text()
    for path in sorted((data / "tokenizers/hf").glob("*/tokenizer_config.json")):
        name = f"tokenizers/hf/{path.parent.name}/tokenizer_config.json"
        found[name] = json.loads(path.read_text())["chat_template"]
    return found


def main():
    data = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    env = environment()
    cases = conversations()
    published = {}
    for name, source in published_templates(data).items():
        outputs = []
        for variables in cases:
            result = render(env, source, variables)
            if "text" in result:
                text = result["text"].encode()
                result = {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text)}
            outputs.append(result)
        published[name] = outputs
    language = []
    for name, source in TEMPLATES.items():
        language.append({"name": name, "template": source, **render(env, source, VARIABLES)})
    golden = {
        "unix_time": UNIX_TIME,
        "conversations": [json.dumps(case, ensure_ascii=False) for case in cases],
        "published": published,
        "language_variables": json.dumps(VARIABLES, ensure_ascii=False),
        "language": language,
    }
    out = pathlib.Path(__file__).with_name("chat_templates.json")
    out.write_text(json.dumps(golden, ensure_ascii=False, indent=0) + "\n")
    rendered = sum("sha256" in o for outputs in published.values() for o in outputs)
    print(
        f"{out}: {len(published)} templates x {len(cases)} conversations ({rendered} rendered),"
        f" {len(language)} small templates ({sum('text' in c for c in language)} rendered)"
    )


if __name__ == "__main__":
    main()
