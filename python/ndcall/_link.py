"""What a source is linked with: flags, the files that the linker takes, and names that it does not find."""

from __future__ import annotations

import os
import re

from ._platform import PLATFORM, is_library_name
from ._request import Request

# What the name of a function tells of the library that has it: the first row that fits.
_LIKELY_LIBRARIES = (
    (r"cblas_", "openblas"),
    (r"LAPACKE_", "lapacke"),
    (r"[sdcz]\w{2,6}_$", "lapack"),
    (r"gsl_", "gsl"),
    (r"fftwf_", "fftw3f"),
    (r"fftwl_", "fftw3l"),
    (r"fftw_", "fftw3"),
    (r"sqlite3_", "sqlite3"),
    (r"(deflate|inflate|compress|uncompress|crc32|adler32|gz[a-z]+)", "z"),
    (r"umfpack_", "umfpack"),
    (r"cholmod_", "cholmod"),
    (r"nlopt_", "nlopt"),
    (r"svm_", "svm"),
    (r"src_", "samplerate"),
    (r"sf_", "sndfile"),
    (r"era[A-Z]", "erfa"),
    (r"Sleef_", "sleef"),
    (r"jpeg_", "jpeg"),
    (r"png_", "png"),
    (r"TIFF[A-Z]", "tiff"),
    (r"H5[A-Z]", "hdf5"),
    (r"nc_", "netcdf"),
    (r"_gfortran_", "gfortran"),
    (r"(__cxa_|__gxx_|_Z(N|S|T))", "stdc++"),
)
_FLAGS_INSTEAD = ((r"(omp|GOMP|__kmpc)_", "-fopenmp"),)
_UNDEFINED = r"undefined (?:reference to|symbol:?) [`'\"]?([A-Za-z_$][\w$.@]*)|\"_(\w+)\", referenced from"
_USED_BY = r"in function [`']([\w$.]+)'"
_NOT_FOUND = r"cannot find -l(?::)?(\S+?):?(?: .*)?$|unable to find library -l(\S+)|library not found for -l(\S+)"


def make_link_flags(request: Request) -> list[str]:
    """-L, run paths and -l of a load; libm is always among them."""
    words = []
    for folder in request.library_dirs:
        words.append(f"-L{folder}")
        if PLATFORM.executable_suffix == "":
            words.append(f"-Wl,-rpath,{folder}")  # what was found when linking is found when loading
    for library in request.libraries:
        if not os.path.isabs(library):
            words.append(f"-l{library}")
            continue
        words.append(library)
        if is_library_name(os.path.basename(library)) and PLATFORM.executable_suffix == "":
            words.append(f"-Wl,-rpath,{os.path.dirname(library)}")
    if PLATFORM.executable_suffix == "":
        words.append("-lm")
    return words


def list_link_files(request: Request) -> tuple[list[str], list[str]]:
    """The user's libraries that the linker reads, and the places where it looks for them in vain. A static one becomes part of what is
    built, so that a new one is a new build; those of the system are left to its packages."""
    there = [library for library in request.libraries if os.path.isabs(library)]
    absent = []
    for library in request.libraries:
        if os.path.isabs(library):
            continue
        candidates = (os.path.join(folder, f"lib{library}{suffix}") for folder in request.library_dirs for suffix in (".so", ".a"))
        for candidate in candidates:
            if os.path.isfile(candidate):
                there.append(candidate)
                break
            absent.append(candidate)
    # A flag may name one too: /path/part.o, -Wl,--version-script=/path/part.map
    words = [part for flag in request.flags for part in re.split("[=,]", flag)]
    there += [word for word in words if os.path.isabs(word) and os.path.isfile(word)]
    return there, absent


def explain_undefined(messages: str, names: str) -> str | None:
    """The text for symbols or libraries that the linker did not find; None when that is not what went wrong."""
    missing = [next(name for name in found if name) for found in re.findall(_NOT_FOUND, messages, re.MULTILINE)]
    if missing:
        named = ", ".join(dict.fromkeys(missing))
        return (
            f"{names}: the linker does not find the library {named}\n"
            "  fix       install its development package, or name its folder with library_dirs="
        )
    symbols = list(dict.fromkeys(reference or other for reference, other in re.findall(_UNDEFINED, messages)))
    if not symbols:
        return None
    plural = "s" if len(symbols) > 1 else ""
    shown = ", ".join(f"'{symbol}'" for symbol in symbols[:8]) + (f" and {len(symbols) - 8} more" if len(symbols) > 8 else "")
    lines = [f"{names}: undefined symbol{plural} {shown}"]
    users = list(dict.fromkeys(re.findall(_USED_BY, messages)))
    if users:
        lines.append(f"  used in   {', '.join(users[:8])}")
    lines.append(f"  fix       {_suggest_cure(symbols)}")
    return "\n".join(lines)


def _suggest_cure(symbols: list[str]) -> str:
    for table, form in ((_LIKELY_LIBRARIES, "libraries={!r}"), (_FLAGS_INSTEAD, "flags={!r}")):
        found = [value for symbol in symbols for pattern, value in table if re.match(pattern, symbol)][:1]
        if found:
            return form.format(found) + f"   (likely, by the name '{symbols[0]}')"
    return "name the library that has it with libraries=, or load the source that defines it in the same call"
