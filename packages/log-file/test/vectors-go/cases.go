package main

type pairs = [][2]string

func cases() []vector {
	var all []vector
	all = append(all, asciiCases()...)
	all = append(all, textCases()...)
	all = append(all, pathCases()...)
	all = append(all, argsCases()...)
	return append(all, schemeCases()...)
}

// asciiCases has every ASCII character inside a path, and as a whole key and value.
func asciiCases() []vector {
	var paths, args []vector
	for c := rune(0); c < 128; c++ {
		char := string(c)
		paths = append(paths, vector{Scheme: "file", Path: "/a" + char + "b"})
		args = append(args, vector{Scheme: "binary", Path: "/l", Args: pairs{{char, char}}})
	}
	return append(paths, args...)
}

// textCases has text of more than one byte a character, in the path, the key and the value.
func textCases() []vector {
	var all []vector
	for _, text := range []string{
		"\u0080", "é", "e\u0301", "ÿ", "Ā", "߿", "ࠀ", "日本語", "Ωmega", "\u2028", "\ud7ff",
		"\ue000", "\ufeff", "\ufeffx", "ﬀ", "\ufffd", "\uffff", "😀", "\U00010000",
		"\U0010ffff", "👩‍👩‍👧", "a😀b c+d", "100% é", "é/è", "~é~",
	} {
		all = append(all,
			vector{Scheme: "file", Path: "/" + text + ".log"},
			vector{Scheme: "binary", Path: "/l", Args: pairs{{text, "<" + text + ">"}}},
		)
	}
	return all
}

func pathCases() []vector {
	var all []vector
	for _, path := range []string{
		"/", "//", "///", "/.", "/..", "/../..", "/./", "/../", "/a/..", "/a/../", "/a/../..",
		"/a/../../b", "//x//y/", "/x/y/", "/x/y//", "/x/./y", "/x/../y", "/x/y/.", "/x/y/..",
		"/x/y/../..", "/x/y/../../..", "/x/y/../../../z", "/./x", "/../x", "/...", "/.../x",
		"/..x", "/x..", "/.x", "/x.", "/x/..y/z", "/x/.../..", "/.hidden/..", "/ /..", "/a b/c d",
		" /x", "/ x", "/x ", "/*", "/**", "/a*b", "/%", "/%41", "/%2F", "/%2f..", "/%2e%2e/x",
		"/a%", "/a%zz", "/?", "/?a=b", "/x?a=b&c=d", "/#", "/x#frag", "/x?y#z", "/a;b", "/a;b=c,d",
		"/a:b", "/C:/x", "/c:\\x", "/a\\b", "/\\\\host\\share", "/a@b", "/user:pw@host/x", "/a&b=c",
		"/a+b", "/a$b", "/!*'()", "/[::1]", "/{a}|b^c`d", "/\"quoted\"", "/<x>", "/~user", "/a~b",
		"/\n", "/a\tb", "/\x7f", "/http://x/y", "/file:///x", "/-_.~", "/;&+=@:,$~/",
		"/var/lib/containerd/logs/default/task-1.log",
		"", ".", "..", "./", "../x", "x", "x/y", "./x", "a/../b", "rel/log.txt", "~", "~/x", " ",
		"C:/x", "C:\\x", "\\x", "file:///x", "é", "\"", "a\nb",
	} {
		all = append(all, vector{Scheme: "file", Path: path})
	}
	return all
}

func argsCases() []vector {
	var all []vector
	for _, args := range []pairs{
		nil, {}, {{"", ""}}, {{"", "v"}}, {{"k", ""}}, {{"k", " "}}, {{" ", "v"}}, {{"k", "+"}},
		{{"k", "a b+c"}}, {{"k", "~"}}, {{"k", "*"}}, {{"k", "a=b&c=d"}}, {{"a=b", "c"}},
		{{"a&b", "c"}}, {{"k", "%20"}}, {{"k", "/a/b?c#d"}}, {{"k", "a;b"}}, {{"k", "\r\n"}},
		{{"--flag", "-v"}}, {{"_NERDCTL_INTERNAL_LOGGING", "/var/lib/nerdctl/1935db59"}},
		// the order of keys: by the bytes of UTF-8, before they are escaped
		{{"b", "1"}, {"a", "2"}}, {{"b", "1"}, {"", "2"}, {"a", "3"}}, {{"b", "1"}, {"B", "2"}},
		{{"ab", "1"}, {"a", "2"}, {"b", "3"}}, {{"a b", "1"}, {"a", "2"}, {"a!", "3"}},
		{{"10", "1"}, {"9", "2"}, {"1", "3"}, {"-1", "4"}, {"01", "5"}},
		{{"é", "1"}, {"e", "2"}, {"z", "3"}}, {{"a", "1"}, {"é", "2"}, {"%", "3"}, {"~", "4"}},
		{{"😀", "1"}, {"ﬀ", "2"}}, {{"ﬀ", "1"}, {"😀", "2"}}, {{"\U0010ffff", "1"}, {"\uffff", "2"}},
		{{"k😀", "1"}, {"k\ufffd", "2"}, {"k", "3"}, {"k\ue000", "4"}, {"k\ud7ff", "5"}},
		{{"__proto__", "1"}, {"constructor", "2"}, {"toString", "3"}},
		{{"z", "26"}, {"y", "25"}, {"x", "24"}, {"w", "23"}, {"v", "22"}, {"u", "21"}, {"t", "20"},
			{"m", ""}, {"A", "a"}, {"Z", "z"}, {"_", "u"}, {".", "d"}, {"-", "h"}, {"~", "t"}},
		{{"labels", "app=web,env=prod"}, {"env", "A B"}, {"tag", "{{.Name}}/{{.ID}}"}, {"max-size", "10m"}},
	} {
		all = append(all, vector{Scheme: "binary", Path: "/usr/bin/logger", Args: args})
	}
	return all
}

func schemeCases() []vector {
	var all []vector
	for _, scheme := range []string{
		"file", "binary", "binary-v2", "fifo", "npipe", "ttrpc+unix", "x", "FILE", "Binary", "a1.b-c+d",
	} {
		all = append(all, vector{Scheme: scheme, Path: "/a b", Args: pairs{{"k", "v w"}}})
	}
	return all
}
