# Each target sets up what it needs on a fresh machine with Python 3.11; the second time that takes a moment.
# Options: `make run ARGS="--port 9000"`, `make test ARGS="-k card"`.

.PHONY: run test check bench

run:
	@.ci/venv run
	@exec .venv/bin/headstart up $(ARGS)

test:
	@.ci/venv test
	@.ci/test $(ARGS)

check:
	@.ci/venv test
	@.ci/check

bench:
	@.ci/venv test
	@.ci/bench $(ARGS)
