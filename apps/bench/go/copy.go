package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/containerd/containerd/v2/pkg/cio"
)

// counter is a sink in the program.
type counter struct {
	bytes atomic.Int64
}

func (c *counter) Write(chunk []byte) (int, error) {
	c.bytes.Add(int64(len(chunk)))
	return len(chunk), nil
}

func openSink(sink string, count *counter) (io.Writer, error) {
	kind, path, _ := strings.Cut(sink, "=")
	switch kind {
	case "null":
		return os.OpenFile("/dev/null", os.O_WRONLY, 0)
	case "pipe":
		return os.OpenFile(path, os.O_WRONLY, 0)
	case "file":
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0600)
	case "append":
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0600)
	case "count", "stream":
		return count, nil
	default:
		return nil, fmt.Errorf("no sink %q", sink)
	}
}

func attachTask(task, sink string, count *counter) (cio.IO, error) {
	stdout, stderr, both := strings.Cut(task, ",")
	out, err := openSink(sink, count)
	if err != nil {
		return nil, err
	}
	streams := cio.WithStreams(nil, out, nil)
	if both {
		second, err := openSink(sink, count)
		if err != nil {
			return nil, err
		}
		streams = cio.WithStreams(nil, out, second)
	}
	config := cio.Config{Stdout: stdout, Stderr: stderr}
	return cio.NewAttach(streams)(cio.NewFIFOSet(config, nil))
}

func copyOut(sink string, tasks []string, busy bool) error {
	var count counter
	var ios []cio.IO
	before := cpu()
	for _, task := range tasks {
		io, err := attachTask(task, sink, &count)
		if err != nil {
			return err
		}
		ios = append(ios, io)
	}
	var over atomic.Bool
	if busy {
		go compute(&over)
	}
	ready()
	for _, io := range ios {
		io.Wait()
	}
	result := map[string]float64{"end": now(), "cpu": cpu() - before}
	over.Store(true)
	if bytes := count.bytes.Load(); bytes > 0 {
		result["bytes"] = float64(bytes)
	}
	return print(result)
}

var sum uint64

func compute(over *atomic.Bool) {
	for !over.Load() {
		sum++
	}
}
