#!/bin/sh
# Makes the book, build/book/index.html, and checks it.     (make book)
#
# From the repository's top folder. A warning of Doxygen, something public that
# says nothing of itself, and a dead link each fail. Without Doxygen: "not
# tested", exit status 77.

cd "$(pwd -P)" || exit 1
if ! command -v doxygen >/dev/null; then
	echo "not tested: the book, which needs Doxygen (make deps)" >&2
	exit 77
fi
rm -rf build/book build/book.xml
mkdir -p build
doxygen diagrams/Doxyfile || {
	echo "book: Doxygen's warnings are above; mend what they name" >&2
	exit 1
}
# The page that searches: the bar of all pages, and the words of most.
{
	sed -e 's/\$relpath^//g' -e 's/\$projectname/Coroutines/' \
		-e 's/\$title/Search/' -e 's/\$stylesheet/book.css/' diagrams/header.html
	echo '</div>'
	echo '<div class="header"><div class="title">Search</div></div>'
	echo '<div class="contents"><p id="said">The search needs JavaScript.</p>'
	echo '<ul id="found"></ul></div><script>'
	(cd build/book && awk -f ../../diagrams/search.awk index.html course.html \
		lesson-*.html exercises-*.html coroutine_8h.html struct*options.html)
	cat diagrams/search.js
	echo '</script></body></html>'
} >build/book/search.html

for xml in build/book.xml/coroutine_8h.xml build/book.xml/struct*.xml; do
	awk -f diagrams/public.awk "$xml" || {
		echo "book: write a comment for it in coroutine.h" >&2
		exit 1
	}
done
sh diagrams/links.sh || {
	echo "book: these links lead nowhere" >&2
	exit 1
}
echo "the book: build/book/index.html"
