# The doors of the project; each is a line of scripts/ that runs alone as well.
.PHONY: demo test soak mutate bench docs check interpreters coverage setup clean
demo: setup
	.venv/bin/python examples/demo.py
test: setup
	scripts/test
soak: setup
	scripts/soak
mutate: setup
	scripts/mutate
bench: setup
	.venv/bin/python benchmarks/bench.py
docs: setup
	.venv/bin/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "build/docs/index.html"
check: setup
	scripts/check
interpreters: setup
	scripts/test-interpreters
coverage: setup
	scripts/coverage
setup:
	@scripts/setup
clean:
	rm -rf .venv build dist
