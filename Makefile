# Needs a POSIX make (GNU make 3.81, as on macOS, will do) and Python 3.10 to 3.13.
# Everything is installed into .venv; nothing else on the machine is touched.

PYTHON ?= python3
COLAB_PYTHON ?= python3.13
OLDEST_PYTHON ?= python3.10
LESSON =
CORPUS = zh
ARGS =

VENV_PYTHON = .venv/bin/python
PIP = $(VENV_PYTHON) -m pip --disable-pip-version-check --no-input install -qq
SUPPORTED = import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))

# Stamps are written when pip has succeeded, and carry the time at which it began. The first one
# holds the folder's path too: an environment that was moved or copied finds the wrong package.
COURSE = .venv/course.stamp
EXTRAS = .venv/test.stamp
# npm writes this file when all is there.
RUNTIME = book/node_modules/.package-lock.json

.PHONY: help lab demo site test test-colab test-oldest bench mutants lint corpus notebooks font binder-lock colab-lock oldest-lock clean venv course extras
.NOTPARALLEL:

help:
	@echo 'make lab     open the first lesson in JupyterLab (another: LESSON=notebooks/zh/01_tasks_and_data.ipynb)'
	@echo 'make demo    single-task and multi-task models compared; leaves results/ (CORPUS=zh or en)'
	@echo 'make site    build the book: every lesson with its outputs, the API, the lab (ARGS="--lessons 00 03" for a part)'
	@echo 'make test    run the tests, a process a core (ARGS="-k plan" goes to pytest; ARGS="-n 0" for one process)'
	@echo 'make test-colab  run the lessons and the tests of the lab with the versions that Colab has'
	@echo 'make test-oldest  the same with the oldest versions that pyproject.toml allows'
	@echo 'make bench   measure speed and memory (ARGS="balancing_cost" for a part)'
	@echo 'make mutants run the tests on altered code: hours (ARGS="mtl_tutorial.sharing*" for a part)'
	@echo 'make lint    ruff check, ruff format, mypy'
	@echo 'make corpus  write the sentences in data/ anew'
	@echo 'make notebooks  build the lessons in notebooks/en and zh from notebooks/source'
	@echo 'make font    make the Chinese font of the figures anew, with every character of the course'
	@echo 'make binder-lock  fix anew the versions that Binder installs, in binder/requirements.txt'
	@echo 'make colab-lock   fix anew the versions of test-colab, in .ci/colab.txt; so does make oldest-lock'
	@echo 'make clean   remove caches and build leftovers; keeps .venv, data and results'
	@echo
	@echo 'All but help and clean set up .venv first: a few minutes and about 3 GB the first time.'
	@echo 'Another Python: make lab PYTHON=python3.12. More options: ARGS="...".'

lab: course
	@target='$(LESSON)'; \
	[ -n "$$target" ] || target=`ls notebooks/en/*.ipynb | head -n 1`; \
	[ -e "$$target" ] || { echo "There is no $$target; the lessons are: `ls notebooks/en notebooks/zh | tr '\n' ' '`"; exit 1; }; \
	echo "Starting JupyterLab on $$target; Ctrl-C ends it."; \
	exec $(VENV_PYTHON) -m jupyterlab --ServerApp.root_dir=. "--LabApp.default_url=/lab/tree/$$target" $(ARGS)

demo: course
	@echo 'Running the demo on the corpus "$(CORPUS)"; it leaves its results in results/.'
	@$(VENV_PYTHON) -m mtl_tutorial demo --corpus '$(CORPUS)' $(ARGS)

site: extras $(RUNTIME)
	@echo 'Building the book in site/; the first time, all notebooks are run.'
	@$(VENV_PYTHON) book/build.py $(ARGS)
	@$(VENV_PYTHON) book/check.py site

test: extras
	@echo 'Running the tests.'
	@$(VENV_PYTHON) -m pytest --numprocesses auto --dist worksteal $(ARGS)

# The solved notebooks are run: with them, their claims.
test-colab colab-lock: OTHER = $(COLAB_PYTHON)
test-oldest oldest-lock: OTHER = $(OLDEST_PYTHON)
test-colab test-oldest: test-%:
	@[ -x .venv-$*/bin/python ] || $(OTHER) -m venv .venv-$*
	@echo 'Installing the versions of .ci/$*.txt into .venv-$*.'
	@.venv-$*/bin/python -m pip --disable-pip-version-check --no-input install -qq --requirement .ci/$*.txt
	@.venv-$*/bin/python -m pip --disable-pip-version-check --no-input install -qq --no-deps --editable .
	@.venv-$*/bin/python -m pytest tests/test_lab.py tests/test_sharing_lab.py tests/test_shown.py tests/test_worker.py tests/test_model.py tests/test_balancing.py tests/test_weightings.py $(ARGS)
	@.venv-$*/bin/python -m pytest tests/test_notebooks.py -k 'fresh_kernel and solutions and en/' $(ARGS)

bench: course
	@echo 'Running the benchmarks.'
	@$(VENV_PYTHON) -m tests.benchmarks $(ARGS)

mutants: extras
	@echo 'Altering the code, one place at a time, and running the tests on it; this can be taken up again.'
	@$(PIP) --editable '.[mutation]'
	@$(VENV_PYTHON) -m mutmut run $(ARGS)
	@$(VENV_PYTHON) -m mutmut results

lint: extras
	@echo 'Running ruff check, ruff format and mypy.'
	@$(VENV_PYTHON) -m ruff check --fix
	@$(VENV_PYTHON) -m ruff format
	@$(VENV_PYTHON) -m mypy

corpus: course
	@echo 'Writing the sentences in data/ anew.'
	@$(VENV_PYTHON) -m mtl_tutorial corpus

notebooks: course
	@echo 'Building the lessons in notebooks/en and notebooks/zh.'
	@$(VENV_PYTHON) notebooks/build.py

font: course
	@echo 'Fetching Noto Sans SC and taking what the course needs.'
	@$(PIP) --editable '.[font]'
	@$(VENV_PYTHON) -m mtl_tutorial.plots.subset

binder-lock: extras
	@echo 'Asking pip for the versions that Binder is to install.'
	@$(VENV_PYTHON) binder/lock.py

colab-lock oldest-lock: %-lock: course
	@echo 'Asking pip for the versions of .ci/$*.txt.'
	@$(VENV_PYTHON) .ci/lock.py $* $(OTHER)

clean:
	@echo 'Removing caches and build leftovers.'
	@rm -rf build dist mutants site .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	@find . -name .venv -prune -o -name .git -prune -o \
	    \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +

# A second make looks at the stamps after `venv` may have removed them.
course: venv
	@$(MAKE) -s $(COURSE)

extras: venv
	@$(MAKE) -s $(EXTRAS)

# An environment that cannot be used goes: half-made, moved, or without a fitting Python.
venv:
	@if [ -e .venv ] || [ -L .venv ]; then \
	    if [ -e .venv/half-made ]; then why='was not finished'; \
	    elif [ -e $(COURSE) ] && [ "`cat $(COURSE)`" != "`pwd -P`" ]; then why='was made for another folder'; \
	    elif ! $(VENV_PYTHON) -c '$(SUPPORTED)' >/dev/null 2>&1; then why='has no Python 3.10 to 3.13'; \
	    elif $(VENV_PYTHON) -m pip --version >/dev/null 2>&1; then exit 0; \
	    elif $(VENV_PYTHON) -m ensurepip >/dev/null 2>&1 && $(VENV_PYTHON) -m pip --version >/dev/null 2>&1; then exit 0; \
	    else why='has no working pip'; fi; \
	    echo ".venv $$why: making it anew."; \
	fi; \
	if ! "$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null; then \
	    found=`"$(PYTHON)" --version 2>&1` || found='not to be found'; \
	    echo "The course needs Python 3.10, 3.11, 3.12 or 3.13, but $(PYTHON) is $$found."; \
	    for other in python3.13 python3.12 python3.11 python3.10; do \
	        if $$other -c '$(SUPPORTED)' >/dev/null 2>&1; then \
	            echo "This machine has $$other: add PYTHON=$$other to the command."; exit 1; fi; \
	    done; \
	    echo 'Install one of these and name it, as in: make lab PYTHON=python3.12'; exit 1; \
	fi; \
	rm -rf .venv && mkdir .venv && : > .venv/half-made && \
	"$(PYTHON)" -m venv .venv && rm .venv/half-made

# pip writes INSTALLER last: what lacks it was cut off while being copied, and is installed again.
# (RECORD would not tell: TensorFlow's comes out of its archive before most of its files.)
$(COURSE): pyproject.toml requirements.txt
	@echo 'Installing the course into .venv; this takes a few minutes the first time.'
	@$(VENV_PYTHON) -c 'import pathlib, shutil, sysconfig; [shutil.rmtree(d) for d in pathlib.Path(sysconfig.get_path("purelib")).glob("*.dist-info") if not (d / "INSTALLER").exists()]'
	@pwd -P > .venv/new.stamp
	@$(PIP) --requirement requirements.txt || { echo 'The installation did not finish; the same command takes it up again.'; exit 1; }
	@mv .venv/new.stamp $(COURSE)

$(EXTRAS): $(COURSE) pyproject.toml
	@echo 'Installing what the tests need into .venv.'
	@pwd -P > .venv/new.stamp
	@$(PIP) --editable '.[test]' || { echo 'The installation did not finish; the same command takes it up again.'; exit 1; }
	@mv .venv/new.stamp $(EXTRAS)

$(RUNTIME): book/package-lock.json
	@command -v npm >/dev/null || { echo 'The book needs npm, which comes with Node.js: install it, and run this again.'; exit 1; }
	@echo 'Fetching ONNX Runtime into book/node_modules.'
	@npm ci --silent --prefix book
