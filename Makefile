# The two commands are `make demo` and `make test`; the rest is for people who work on Quorum.
BUILD := build/release
SEED ?= 1
JOBS ?= $(shell nproc)
CONFIGURE = cmake --preset release -G Ninja

.PHONY: all setup build demo test mutants fuzz asan tsan format tidy clean

all: build

# Installs what is missing with apt; does nothing when all is there.
setup:
	@scripts/setup.sh

$(BUILD)/build.ninja: CMakeLists.txt | setup
	@$(CONFIGURE) > $(BUILD).log 2>&1 || { cat $(BUILD).log; rm -f $@; exit 1; }

build: setup | $(BUILD)
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@cmake --build $(BUILD) --target quorum -j $(JOBS)

$(BUILD):
	@mkdir -p $(BUILD)

# The main job on the embedded checkpoint: `mini` and `mini-code`, 64 samples a query. `make demo SEED=2` draws other samples.
demo: build
	@scripts/demo.sh $(BUILD)/quorum $(SEED)

test: setup | $(BUILD)
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@cmake --build $(BUILD) -j $(JOBS)
	@scripts/test.sh $(BUILD) $(JOBS)

# Each patch of tests/mutants is a plausible bug; the tests must kill every one.
mutants: setup
	@scripts/mutants.sh $(PATCHES)

# Ten minutes a target by default: make fuzz SECONDS=600 TARGETS="safetensors template".
fuzz: setup
	@scripts/fuzz.sh $(or $(SECONDS),600) $(TARGETS)

asan tsan: setup
	@cmake --preset $@ -G Ninja > /dev/null
	@cmake --build build/$@ -j $(JOBS)
	@scripts/test.sh build/$@ $(JOBS)

format:
	@git ls-files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs clang-format -i

tidy: build
	@git ls-files '*.cpp' ':!tests' | xargs -n 8 -P $(JOBS) clang-tidy -p $(BUILD) --quiet

clean:
	@rm -rf build
