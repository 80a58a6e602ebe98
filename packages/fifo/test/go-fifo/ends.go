package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/containerd/fifo"
)

// openLimit is what the shim's opens may take.
const openLimit = 30 * time.Second

var flags = map[string]int{
	"O_RDONLY":   syscall.O_RDONLY,
	"O_WRONLY":   syscall.O_WRONLY,
	"O_RDWR":     syscall.O_RDWR,
	"O_NONBLOCK": syscall.O_NONBLOCK,
	"O_CREAT":    syscall.O_CREAT,
}

// end is an end of a FIFO.
type end struct {
	io.ReadWriteCloser
	cancel context.CancelFunc
}

func (e *end) Close() error {
	err := e.ReadWriteCloser.Close()
	e.cancel()
	return err
}

func open(req request) error {
	flag := 0
	for _, name := range req.Flags {
		flag |= flags[name]
	}
	ctx, cancel := context.WithTimeout(context.Background(), openLimit)
	file, err := fifo.OpenFifo(ctx, req.Path, flag, 0700)
	if err != nil {
		cancel()
		return err
	}
	named.Store(req.Name, &end{file, cancel})
	return nil
}

func write(to io.Writer, part []byte, pause time.Duration) error {
	for len(part) > 0 {
		n, err := to.Write(part[:chunkSize(len(part))])
		if err != nil {
			return err
		}
		part = part[n:]
		time.Sleep(pause)
	}
	return nil
}

// read reads until EOF, or size bytes and none beyond them.
func read(from io.Reader, size int) (*count, error) {
	hash, total := sha256.New(), 0
	buffer := make([]byte, 1<<17)
	for total != size {
		limit := len(buffer)
		if size > 0 {
			limit = size - total
		}
		n, err := from.Read(buffer[:chunkSize(limit)])
		hash.Write(buffer[:n])
		total += n
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return &count{total, hex.EncodeToString(hash.Sum(nil))}, nil
}

// chunkSize is a random size of up to 128 KiB, small ones as often as large ones.
func chunkSize(limit int) int {
	return min(limit, 1+rand.IntN(1<<(1+rand.IntN(17))))
}
