"""Debug information of a library (DWARF in ELF) in, declarations out: in the text form that `ndcall-read-c` prints too."""
