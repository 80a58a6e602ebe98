// The peer: containerd's own cio, used as its clients use it. The commands and what is printed are those
// of all peers: see the README.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "go-peer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("a command and its arguments are needed, not %q", args)
	}
	switch command, rest := args[0], args[1:]; command {
	case "copy":
		return copyOut(rest[0], rest[1:], false)
	case "copy-busy":
		return copyOut(rest[0], rest[1:], true)
	case "feed":
		return feed(rest[0], rest[1])
	case "echo-fd":
		return echoFd(rest[0], rest[1], rest[2], rest[3])
	case "echo-js":
		return echoJs(number(rest[0]), number(rest[1]), rest[2], rest[3])
	case "attach":
		return attach(number(rest[0]), rest[1])
	case "wait":
		return wait(number(rest[0]), rest[1], number(rest[2]))
	default:
		return fmt.Errorf("no command %q", command)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

func ready() {
	fmt.Println("ready")
}

func print(result map[string]float64) error {
	return json.NewEncoder(os.Stdout).Encode(result)
}

// now is the time since 1970 in ms.
func now() float64 {
	return float64(time.Now().UnixNano()) / 1e6
}

// cpu is what the process has used so far, in seconds.
func cpu() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}
