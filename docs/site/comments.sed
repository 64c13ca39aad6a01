# What Doxygen reads of a header. The namespace that names precision and alignment says nothing to a reader, and a comment means
# what it says: <unk> is no tag, \p no command. Code, which is indented, stays as it is.
s/ inline namespace DAMLA_ABI {//
s/^}}  /}  /
/\/\/\/ \{5\}/b
/`/b
/\/\/\//!b
:again
s/\(\/\/\/.*[^\\]\)\\\([^\\<>]\)/\1\\\\\2/
s/\(\/\/\/.*[^\\]\)<\([a-z/]*\)>/\1\\<\2\\>/
t again
