package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/containerd/v2/pkg/cio"
)

const (
	settle    = 100 * time.Millisecond
	openLimit = 60 * time.Second
)

// never is a source that gives nothing and does not end.
type never struct{}

func (never) Read([]byte) (int, error) {
	select {}
}

// attach counts until the readers are there: NewAttach returns before, a thread for each opens its FIFO.
func attach(count int, dir string) error {
	ready()
	rss := status("VmRSS:")
	start := time.Now()
	for i := range count {
		config := cio.Config{Stdout: filepath.Join(dir, strconv.Itoa(i))}
		if _, err := cio.NewAttach(cio.WithStreams(nil, io.Discard, nil))(cio.NewFIFOSet(config, nil)); err != nil {
			return err
		}
	}
	for status("Threads:") < float64(count) {
		if time.Since(start) > openLimit {
			return fmt.Errorf("not all of %d FIFOs were opened within %s", count, openLimit)
		}
		time.Sleep(time.Millisecond)
	}
	ms := float64(time.Since(start).Microseconds()) / 1e3
	time.Sleep(settle)
	grown := status("VmRSS:") - rss
	return print(map[string]float64{
		"ms": ms, "kib": grown / float64(count), "threads": status("Threads:"),
	})
}

func wait(count int, dir string, ms int) error {
	for i := range count {
		config := cio.Config{Stdin: filepath.Join(dir, strconv.Itoa(i))}
		if _, err := cio.NewAttach(cio.WithStreams(never{}, nil, nil))(cio.NewFIFOSet(config, nil)); err != nil {
			return err
		}
	}
	ready()
	span := time.Duration(ms) * time.Millisecond
	time.Sleep(span)
	before := cpu()
	time.Sleep(span)
	return print(map[string]float64{"percent": (cpu() - before) / span.Seconds() * 100})
}

// status is a number of /proc/self/status.
func status(name string) float64 {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, found := strings.CutPrefix(lines.Text(), name); found {
			value, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return value
		}
	}
	return -1
}
