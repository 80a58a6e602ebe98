// Prints the log URIs that containerd's own cio makes, as JSON, one case a line: what
// ../vectors.test.ts compares logURIGenerator with.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/containerd/containerd/v2/pkg/cio"
)

// vector is a call of LogURIGenerator and what came of it. Args are pairs, in no sorted order,
// because a JSON object made from a Go map would come out sorted already.
type vector struct {
	Scheme string      `json:"scheme"`
	Path   string      `json:"path"`
	Args   [][2]string `json:"args"`
	URI    string      `json:"uri,omitempty"`
	Error  string      `json:"error,omitempty"`
}

func main() {
	var out bytes.Buffer
	out.WriteString("[")
	for i, v := range cases() {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n")
		out.Write(marshal(run(v)))
	}
	out.WriteString("\n]\n")
	if _, err := out.WriteTo(os.Stdout); err != nil {
		panic(err)
	}
}

func run(v vector) vector {
	var args map[string]string
	if v.Args != nil {
		args = map[string]string{}
	}
	for _, pair := range v.Args {
		args[pair[0]] = pair[1]
	}
	if len(args) != len(v.Args) {
		panic(fmt.Sprintf("a key occurs twice in %q", v.Args))
	}
	uri, err := cio.LogURIGenerator(v.Scheme, v.Path, args)
	if err != nil {
		v.Error = err.Error()
	} else {
		v.URI = uri.String()
	}
	return v
}

func marshal(v vector) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}
