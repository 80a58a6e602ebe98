package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	criio "github.com/containerd/containerd/pkg/cri/io"
	"github.com/containerd/nerdctl/pkg/logging/jsonfile"
	"github.com/moby/moby/v2/daemon/logger"
	"github.com/moby/moby/v2/daemon/logger/jsonfilelog"
	"github.com/moby/moby/v2/daemon/logger/jsonfilelog/jsonlog"
)

// writeContainerd is what containerd's CRI plugin does with its default limit of a line.
func writeContainerd(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	log, stopped := criio.NewCRILogger(path, file, criio.Stdout, 16*1024)
	if _, err := io.Copy(log, os.Stdin); err != nil {
		return err
	}
	err = log.Close()
	<-stopped
	return err
}

// writeDocker is what the docker daemon does for a container with `--log-opt env=MODE -e MODE=<test>`.
func writeDocker(path string) error {
	driver, err := jsonfilelog.New(logger.Info{
		LogPath:      path,
		ContainerEnv: []string{"MODE=<test>"},
		Config:       map[string]string{"env": "MODE"},
	})
	if err != nil {
		return err
	}
	copier := logger.NewCopier(map[string]io.Reader{"stdout": os.Stdin}, driver)
	copier.Run()
	copier.Wait()
	return driver.Close()
}

// writeNerdctl is what nerdctl's logging binary does with the lines.
func writeNerdctl(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	stdout, stderr := make(chan string), make(chan string)
	close(stderr)
	go func() {
		defer close(stdout)
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			stdout <- lines.Text()
		}
	}()
	return jsonfile.Encode(stdout, stderr, file)
}

// encodeDocker is what the docker daemon does with each record.
func encodeDocker(in io.Reader, out io.Writer) error {
	records := json.NewDecoder(in)
	for {
		var r record
		if err := records.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		var line bytes.Buffer
		created := time.Unix(0, *r.Time).UTC()
		log := jsonlog.JSONLogs{Log: r.Data, Stream: r.Stream, Created: created}
		if err := log.MarshalJSONBuf(&line); err != nil {
			return err
		}
		line.WriteByte('\n')
		if _, err := line.WriteTo(out); err != nil {
			return err
		}
	}
}
