// Reads and writes log files with the code of those whose formats they are: the other side of ours in
// ../go-readers.test.ts.
//
//	go-readers read kubernetes|docker|nerdctl <log file>
//	go-readers write containerd|docker|nerdctl <log file> < what the task wrote to stdout
//	go-readers encode docker < records
//
// Records are lines of JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// record is what a reader made of a line of the file.
type record struct {
	Stream string `json:"stream"`
	// Time is in ns since 1970; nil where the reader does not tell it.
	Time *int64 `json:"time,string,omitempty"`
	Data []byte `json:"data"`
}

var (
	readers = map[string]func(path string) ([]record, error){
		"kubernetes": readKubernetes,
		"docker":     readDocker,
		"nerdctl":    readNerdctl,
	}
	writers = map[string]func(path string) error{
		"containerd": writeContainerd,
		"docker":     writeDocker,
		"nerdctl":    writeNerdctl,
	}
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(do, whose string, args []string) error {
	switch do {
	case "read":
		records, err := readers[whose](args[0])
		if err != nil {
			return err
		}
		return print(records)
	case "write":
		return writers[whose](args[0])
	case "encode":
		return encodeDocker(os.Stdin, os.Stdout)
	}
	return fmt.Errorf("unknown request %q", do)
}

func print(records []record) error {
	out := json.NewEncoder(os.Stdout)
	for _, r := range records {
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
