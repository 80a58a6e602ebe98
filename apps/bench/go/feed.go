package main

import (
	"io"
	"os"
	"strings"

	"github.com/containerd/containerd/v2/pkg/cio"
)

// blocks is a source in the program: so many bytes, copied from a block as a Reader has to.
type blocks struct {
	block []byte
	left  int
}

func (b *blocks) Read(into []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	n := copy(into[:min(len(into), b.left)], b.block)
	b.left -= n
	return n, nil
}

func openSource(source string) (io.Reader, error) {
	kind, value, _ := strings.Cut(source, "=")
	if kind == "file" {
		return os.Open(value)
	}
	return &blocks{make([]byte, 64<<10), number(value)}, nil
}

func feed(source, fifo string) error {
	reader, err := openSource(source)
	if err != nil {
		return err
	}
	config := cio.Config{Stdin: fifo}
	if _, err := cio.NewAttach(cio.WithStreams(reader, nil, nil))(cio.NewFIFOSet(config, nil)); err != nil {
		return err
	}
	ready()
	select {}
}
