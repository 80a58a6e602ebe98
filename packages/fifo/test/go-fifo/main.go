// Opens FIFOs with containerd's fifo and copies them with its cio, as lines of JSON on stdin tell: the
// other side of ours in ../go-interop.test.ts. Each request runs on its own, so one may wait for the next.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/containerd/containerd/v2/pkg/cio"
)

type config struct {
	Terminal bool   `json:"terminal"`
	Stdin    string `json:"stdin"`
	Stdout   string `json:"stdout"`
	Stderr   string `json:"stderr"`
}

// request names what is opened or made by it, or was by one before.
type request struct {
	ID   int    `json:"id"`
	Do   string `json:"do"`
	Name string `json:"name"`

	Path  string   `json:"path"`
	Flags []string `json:"flags"`
	// From and To are what to write of the data file, or to give as stdin.
	From int `json:"from"`
	To   int `json:"to"`
	// Size is how many bytes to read; less than 0 for all until EOF.
	Size int `json:"size"`
	// Slow is whether each write takes a millisecond.
	Slow bool `json:"slow"`

	Dir     string   `json:"dir"`
	Config  config   `json:"config"`
	Streams []string `json:"streams"`
}

// count is what went through a stream.
type count struct {
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

type answer struct {
	ID     int     `json:"id"`
	Error  string  `json:"error,omitempty"`
	Errno  string  `json:"errno,omitempty"`
	Config *config `json:"config,omitempty"`
	Read   *count  `json:"read,omitempty"`
	Stdout *count  `json:"stdout,omitempty"`
	Stderr *count  `json:"stderr,omitempty"`
}

var (
	data  []byte
	named sync.Map
)

func main() {
	var err error
	if data, err = os.ReadFile(os.Args[1]); err != nil {
		panic(err)
	}
	var writing sync.Mutex
	requests, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var req request
		if err := requests.Decode(&req); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		go func() {
			ans, err := handle(req)
			ans.ID = req.ID
			if err != nil {
				ans.Error, ans.Errno = err.Error(), errnoName(err)
			}
			writing.Lock()
			defer writing.Unlock()
			if err := answers.Encode(ans); err != nil {
				panic(err)
			}
		}()
	}
}

func handle(req request) (ans answer, err error) {
	switch req.Do {
	case "open":
		return ans, open(req)
	case "write":
		return ans, write(get[*end](req), data[req.From:req.To], req.pause())
	case "read":
		ans.Read, err = read(get[*end](req), req.Size)
	case "newFIFOSetInDir":
		ans.Config, err = newFIFOSetInDir(req)
	case "newCreator", "newAttach":
		ans.Config, err = start(req)
	case "progress":
		get[*session](req).report(&ans)
	case "wait":
		s := get[*session](req)
		s.Wait()
		s.report(&ans)
	case "cancel":
		get[cio.IO](req).Cancel()
	case "close":
		err = get[io.Closer](req).Close()
	default:
		err = fmt.Errorf("unknown request %q", req.Do)
	}
	return ans, err
}

func get[T any](req request) T {
	value, _ := named.Load(req.Name)
	found, ok := value.(T)
	if !ok {
		panic(fmt.Sprintf("%s: no such thing is named %q", req.Do, req.Name))
	}
	return found
}

func (r request) pause() time.Duration {
	if r.Slow {
		return time.Millisecond
	}
	return 0
}

func errnoName(err error) string {
	for name, errno := range map[string]syscall.Errno{"EPIPE": syscall.EPIPE, "ENOENT": syscall.ENOENT} {
		if errors.Is(err, errno) {
			return name
		}
	}
	return ""
}
