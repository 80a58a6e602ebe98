package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/containerd/nerdctl/pkg/logging/jsonfile"
	"github.com/moby/moby/v2/daemon/logger"
	"github.com/moby/moby/v2/daemon/logger/jsonfilelog"
	"k8s.io/cri-client/pkg/logs"
)

// sink keeps what is written to it in records, one a write.
type sink struct {
	stream string
	to     *[]record
}

func (s sink) Write(data []byte) (int, error) {
	*s.to = append(*s.to, record{Stream: s.stream, Data: bytes.Clone(data)})
	return len(data), nil
}

func sinks(to *[]record) (stdout, stderr sink) {
	return sink{"stdout", to}, sink{"stderr", to}
}

// readKubernetes is what the kubelet and crictl do.
func readKubernetes(path string) ([]record, error) {
	read := func(opts *logs.LogOptions) (records []record, err error) {
		stdout, stderr := sinks(&records)
		err = logs.ReadLogs(context.Background(), path, "", opts, nil, stdout, stderr)
		return records, err
	}
	records, err := read(&logs.LogOptions{})
	if err != nil {
		return nil, err
	}
	// the time is told by a prefix, and that of records that start a line only
	prefixed, err := read(&logs.LogOptions{Timestamp: true})
	if err != nil {
		return nil, err
	}
	for i := range records {
		if prefix, _ := bytes.CutSuffix(prefixed[i].Data, records[i].Data); len(prefix) > 0 {
			if err := records[i].setTime(string(prefix[:len(prefix)-1])); err != nil {
				return nil, err
			}
		}
	}
	return records, nil
}

// readNerdctl is what `nerdctl logs` does.
func readNerdctl(path string) ([]record, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var records []record
	stdout, stderr := sinks(&records)
	if err := jsonfile.Decode(stdout, stderr, file, true, "", "", 0); err != nil {
		return nil, err
	}
	for i := range records {
		prefix, data, found := bytes.Cut(records[i].Data, []byte(" "))
		if !found {
			return nil, fmt.Errorf("no time: %q", records[i].Data)
		}
		records[i].Data = data
		if err := records[i].setTime(string(prefix)); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// readDocker is what `docker logs` does.
func readDocker(path string) (records []record, err error) {
	driver, err := jsonfilelog.New(logger.Info{LogPath: path})
	if err != nil {
		return nil, err
	}
	defer driver.Close()
	watcher := driver.(logger.LogReader).ReadLogs(context.Background(), logger.ReadConfig{Tail: -1})
	for message := range watcher.Msg {
		ns := message.Timestamp.UnixNano()
		records = append(records, record{message.Source, &ns, message.Line})
	}
	select {
	case err = <-watcher.Err:
	default:
	}
	return records, err
}

func (r *record) setTime(text string) error {
	parsed, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return err
	}
	ns := parsed.UnixNano()
	r.Time = &ns
	return nil
}
