package main

import (
	"bytes"
	"io"
)

const (
	lineSize = 100
	// atOnce is how many lines the block has that is read again and again.
	atOnce = 655
)

// output is what a task writes: so many lines, read as from a FIFO that is never empty.
type output struct {
	block    []byte
	at, left int
}

func newOutput(lines int) *output {
	line := append(bytes.Repeat([]byte{'x'}, lineSize-1), '\n')
	return &output{block: bytes.Repeat(line, atOnce), left: lines * lineSize}
}

func (o *output) Read(into []byte) (int, error) {
	if o.left == 0 {
		return 0, io.EOF
	}
	n := copy(into[:min(len(into), o.left)], o.block[o.at:])
	o.at = (o.at + n) % len(o.block)
	o.left -= n
	return n, nil
}
