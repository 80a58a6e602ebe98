package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/containerd/containerd/v2/pkg/cio"
)

// session is what cio copies, and what came of it.
type session struct {
	cio.IO
	stdout, stderr *sink
}

func newFIFOSetInDir(req request) (*config, error) {
	set, err := cio.NewFIFOSetInDir(req.Dir, req.Name, req.Config.Terminal)
	if err != nil {
		return nil, err
	}
	named.Store(req.Name, set)
	made := config(set.Config)
	return &made, nil
}

// start makes FIFOs and copies, or copies those of a config.
func start(req request) (*config, error) {
	s := &session{stdout: newSink(req.pause()), stderr: newSink(req.pause())}
	var err error
	if req.Do == "newCreator" {
		s.IO, err = cio.NewCreator(s.options(req)...)(req.Name)
	} else {
		s.IO, err = cio.NewAttach(s.options(req)...)(cio.NewFIFOSet(cio.Config(req.Config), nil))
	}
	if err != nil {
		return nil, err
	}
	named.Store(req.Name, s)
	made := config(s.IO.Config())
	return &made, nil
}

func (s *session) options(req request) []cio.Opt {
	var stdin io.Reader
	var stdout, stderr io.Writer
	if slices.Contains(req.Streams, "stdin") {
		stdin = &source{bytes.NewReader(data[req.From:req.To])}
	}
	if slices.Contains(req.Streams, "stdout") {
		stdout = s.stdout
	}
	if slices.Contains(req.Streams, "stderr") {
		stderr = s.stderr
	}
	opts := []cio.Opt{cio.WithStreams(stdin, stdout, stderr), cio.WithFIFODir(req.Dir)}
	if req.Config.Terminal {
		opts = append(opts, cio.WithTerminal)
	}
	return opts
}

func (s *session) report(ans *answer) {
	ans.Stdout, ans.Stderr = s.stdout.count(), s.stderr.count()
}

// source gives its bytes in chunks of random sizes.
type source struct{ all io.Reader }

func (s *source) Read(buffer []byte) (int, error) {
	return s.all.Read(buffer[:chunkSize(len(buffer))])
}

type sink struct {
	lock  sync.Mutex
	hash  hash.Hash
	bytes int
	pause time.Duration
}

func newSink(pause time.Duration) *sink {
	return &sink{hash: sha256.New(), pause: pause}
}

func (s *sink) Write(chunk []byte) (int, error) {
	time.Sleep(s.pause)
	s.lock.Lock()
	defer s.lock.Unlock()
	s.hash.Write(chunk)
	s.bytes += len(chunk)
	return len(chunk), nil
}

func (s *sink) count() *count {
	s.lock.Lock()
	defer s.lock.Unlock()
	return &count{s.bytes, hex.EncodeToString(s.hash.Sum(nil))}
}
