#!/usr/bin/env python3
"""same_figures.py NATIVE WASM: runs figures.cpp as a program of this machine and as one of WebAssembly (a .js file, in
node), and compares: the same seed gives the same figures, to the rounding that training multiplies."""
import subprocess
import sys

NEAR = 2e-3  # of a figure: float32 has 6e-8, and hundreds of steps multiply it


def figures(command):
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    return {name: float(number) for name, number in (line.split() for line in lines if line)}


native = figures([sys.argv[1]])
wasm = figures(["node", "--no-experimental-fetch", sys.argv[2]])
assert native and native.keys() == wasm.keys(), (native, wasm)
far = 0
for name, number in native.items():
    apart = abs(wasm[name] - number) / max(abs(number), 1e-3)
    print(f"{name:22} native {number:<12.8g} wasm {wasm[name]:<12.8g} apart {apart:.1e}")
    far += not apart <= NEAR
sys.exit(f"{far} figures are not the same" if far else 0)
