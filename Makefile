# Two commands: `make start` runs Conduit, `make test` runs everything that checks it.
# Each target is a thin twin of an npm script; npm puts the pinned Node of node_modules first on PATH.
export NEXT_TELEMETRY_DISABLED = 1

INSTALLED = node_modules/.conduit-installed

.PHONY: start dev test verify

start: $(INSTALLED)
	@npm run --silent start

dev: $(INSTALLED)
	@npm run --silent dev

test: $(INSTALLED)
	@npm run --silent test:all

verify: $(INSTALLED)
	@npm run --silent verify

$(INSTALLED): package.json package-lock.json $(wildcard patches/*)
	npm install --no-audit --no-fund --loglevel=error
	@touch $@
