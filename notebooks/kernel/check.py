"""Runs the notebooks from the first cell to the last with nbconvert, and fails on an error or a claim outside its band. As many
run at a time as there are cores: a good part of each is one compiler that reads headers.

check.py [--fast] [--html FOLDER] [NUMBER or NAME …]      --fast: short training; --html: what they look like, as pages
"""
import argparse
import concurrent.futures
import multiprocessing
import os
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
os.environ["JUPYTER_PATH"] = str(HERE)  # where kernels/xcpp20 is

import nbformat  # noqa: E402 (they read JUPYTER_PATH)
from nbconvert import HTMLExporter  # noqa: E402
from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor  # noqa: E402


def run(path, html):
    """Seconds that it took. Raises what a cell, or the notebook itself, has against it."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    if any(cell.get("outputs") for cell in notebook.cells):
        raise ValueError("it is stored with outputs: clear them (Kernel, Restart & Clear Output) and save")
    start = time.monotonic()
    try:
        ExecutePreprocessor(timeout=600, kernel_name="xcpp20").preprocess(notebook, {"metadata": {"path": str(path.parent)}})
        return time.monotonic() - start
    finally:
        if html:
            page, _ = HTMLExporter().from_notebook_node(notebook)
            (pathlib.Path(html) / f"{path.stem}.html").write_text(page, encoding="utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--fast", action="store_true")
    options.add_argument("--html")
    options.add_argument("notebooks", nargs="*")
    asked = options.parse_args()
    if asked.fast:
        os.environ["DAMLA_FAST"] = "1"
    paths = sorted(HERE.parent.glob("[0-9][0-9]_*.ipynb"))
    unknown = [name for name in asked.notebooks if not any(name in (path.stem, path.stem[:2]) for path in paths)]
    if unknown:
        sys.exit(f"no such notebook: {' '.join(unknown)}")
    if asked.notebooks:
        paths = [path for path in paths if {path.stem, path.stem[:2]} & set(asked.notebooks)]
    if len(paths) > 1:
        os.environ.setdefault("DAMLA_THREADS", "1")  # the other cores have notebooks of their own
    failed, start = [], time.monotonic()
    fresh = multiprocessing.get_context("spawn")  # a fork would share Jupyter's sockets
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), mp_context=fresh) as pool:
        for path, running in [(path, pool.submit(run, path, asked.html)) for path in paths]:
            try:
                print(f"{path.stem:32} {running.result():6.1f} s", flush=True)
            except (CellExecutionError, RuntimeError, ValueError) as error:
                failed.append(path.stem)
                print(f"{path.stem:32} FAILED\n{error}", flush=True)
    print(f"{'together':32} {time.monotonic() - start:6.1f} s")
    if failed:
        sys.exit(f"failed: {' '.join(failed)}")


if __name__ == "__main__":
    main()
