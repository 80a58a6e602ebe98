package main

import (
	"bufio"
	"io"
	"os"

	criio "github.com/containerd/containerd/pkg/cri/io"
	"github.com/containerd/nerdctl/pkg/logging/jsonfile"
)

// maxLine is the CRI plugin's default of max_container_log_line_size.
const maxLine = 16 * 1024

// waitingLines is how many lines nerdctl's logging binary reads ahead.
const waitingLines = 10_000

// writeContainerd is what containerd's CRI plugin does with a container's output.
func writeContainerd(output io.Reader, log *os.File) error {
	logger, stopped := criio.NewCRILogger(log.Name(), log, criio.Stdout, maxLine)
	if _, err := io.Copy(logger, output); err != nil {
		return err
	}
	err := logger.Close()
	<-stopped
	return err
}

// writeNerdctl is what nerdctl's logging binary does with it, but for rotation.
func writeNerdctl(output io.Reader, log *os.File) error {
	stdout, stderr := make(chan string, waitingLines), make(chan string)
	close(stderr)
	go func() {
		defer close(stdout)
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			stdout <- lines.Text()
		}
	}()
	return jsonfile.Encode(stdout, stderr, log)
}
