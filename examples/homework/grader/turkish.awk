# A stub with Turkish comments: awk -f turkish.awk turkish.txt STUB.hpp. A paragraph is looked up as one line; what turkish.txt does
# not have stays as it is, as formulas do.
function end_paragraph(    words, n, i, line) {
  if (english in turkish) {
    n = split(turkish[english], words, " ")
    line = start words[1]
    for (i = 2; i <= n; i++)
      if (length(line " " words[i]) <= 100) line = line " " words[i]
      else { print line; line = start words[i] }
    print line
  } else printf "%s", paragraph
  english = paragraph = ""
}
NR == FNR { if ($0 != "" && before != "") turkish[before] = $0
            before = $0
            next }
match($0, /^ *\/\/\/? +/) {
  text = substr($0, RLENGTH + 1)
  if ($0 ~ /^ *\/\/\/?  /) {  # a line of a formula
    if (english != "") end_paragraph()
    print substr($0, 1, RLENGTH) (text in turkish ? turkish[text] : text)
  } else {
    start = substr($0, 1, RLENGTH)
    english = english (english == "" ? "" : " ") text
    paragraph = paragraph $0 "\n"
  }
  next
}
{
  if (english != "") end_paragraph()
  text = match($0, /  \/\/ /) ? substr($0, RSTART + 5) : ""
  print text in turkish ? substr($0, 1, RSTART + 4) turkish[text] : $0
}
