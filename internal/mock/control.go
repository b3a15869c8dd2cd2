// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// controlVariable is the environment variable that tells the address of a running mock.
const controlVariable = "DIRECTORY_MOCK_CONTROL"

// control takes commands over HTTP: POST / with a JSON array of words.
type control struct {
	listener net.Listener
	http     *http.Server
}

func startControl(address string, p *platforms) (*control, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen for commands: %w", err)
	}
	c := &control{listener: listener, http: &http.Server{Handler: commandHandler(p), ReadHeaderTimeout: 10 * time.Second}}
	go func() { _ = c.http.Serve(listener) }()
	return c, nil
}

func (c *control) url() string { return "http://" + c.listener.Addr().String() }

func (c *control) close() { _ = c.http.Close() }

func commandHandler(p *platforms) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// Asking for JSON keeps web pages in a browser on this machine from sending commands.
		mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		var arguments []string
		if r.Method != http.MethodPost || mediaType != "application/json" ||
			json.NewDecoder(r.Body).Decode(&arguments) != nil {
			http.Error(w, "expected POST with a JSON array of words", http.StatusBadRequest)
			return
		}
		var out bytes.Buffer
		if err := runCommand(r.Context(), p, arguments, &out); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(out.Bytes())
	}
}

// send gives a command to the mock that runs elsewhere and prints its answer.
func send(ctx context.Context, arguments []string, out io.Writer) error {
	address := cmp.Or(os.Getenv(controlVariable), "http://"+controlDefault)
	body, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no mock answers at %s; start one with: go run ./internal/mock (%w)", address, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errors.New(strings.TrimSpace(string(text)))
	}
	_, err = out.Write(text)
	return err
}
