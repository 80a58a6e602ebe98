// The peer of the rows that write logs: the writers of containerd and of nerdctl, used as those use them.
// The command and what is printed are those of all peers: see the README.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

// writers are those whose formats they are.
var writers = map[string]func(output io.Reader, log *os.File) error{
	"cri":       writeContainerd,
	"json-file": writeNerdctl,
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "go-logs:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 || args[0] != "log" {
		return fmt.Errorf("log FORMAT COUNT FILE is needed, not %q", args)
	}
	write, found := writers[args[1]]
	if !found {
		return fmt.Errorf("no format %q", args[1])
	}
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	log, err := os.OpenFile(args[3], os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0640)
	if err != nil {
		return err
	}
	defer log.Close()
	fmt.Println("ready")
	start := time.Now()
	if err := write(newOutput(count), log); err != nil {
		return err
	}
	ms := float64(time.Since(start).Microseconds()) / 1e3
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"ms": ms})
}
