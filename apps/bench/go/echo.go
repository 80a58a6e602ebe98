package main

import (
	"io"
	"os"
	"slices"

	"github.com/containerd/containerd/v2/pkg/cio"
)

func echoFd(source, stdin, stdout, sink string) error {
	from, err := os.OpenFile(source, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	to, err := os.OpenFile(sink, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	config := cio.Config{Stdin: stdin, Stdout: stdout}
	attached, err := cio.NewAttach(cio.WithStreams(from, to, nil))(cio.NewFIFOSet(config, nil))
	if err != nil {
		return err
	}
	ready()
	attached.Wait()
	return nil
}

// keys is a source that gives what is sent.
type keys chan byte

func (k keys) Read(into []byte) (int, error) {
	key, more := <-k
	if !more {
		return 0, io.EOF
	}
	into[0] = key
	return 1, nil
}

// echoes is a sink that tells of each write.
type echoes chan struct{}

func (e echoes) Write(chunk []byte) (int, error) {
	e <- struct{}{}
	return len(chunk), nil
}

func echoJs(warmUp, count int, stdin, stdout string) error {
	typed, seen := make(keys), make(echoes)
	config := cio.Config{Stdin: stdin, Stdout: stdout}
	if _, err := cio.NewAttach(cio.WithStreams(typed, seen, nil))(cio.NewFIFOSet(config, nil)); err != nil {
		return err
	}
	ready()
	var times []float64
	for i := -warmUp; i < count; i++ {
		start := now()
		typed <- 'k'
		<-seen
		if i >= 0 {
			times = append(times, (now()-start)*1e3)
		}
	}
	slices.Sort(times)
	return print(map[string]float64{"p50": times[count/2]})
}
