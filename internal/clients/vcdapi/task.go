// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// How often a task is looked at, and for how long: the deletion of a user ends in seconds.
const (
	firstTaskPoll = 50 * time.Millisecond
	lastTaskPoll  = 3 * time.Second
	taskPatience  = 10 * time.Minute
)

// task is the state of something that the server does after it has answered. The XML and the JSON form agree.
type task struct {
	XMLName xml.Name `json:"-" xml:"Task"`
	Status  string   `json:"status" xml:"status,attr"`
	Error   *struct {
		Code    string `json:"minorErrorCode" xml:"minorErrorCode,attr"`
		Message string `json:"message" xml:"message,attr"`
	} `json:"error" xml:"Error"`
}

// awaitEnd waits until the server has done what it answered 202 to: until the task at Location has ended. Without a
// Location there is nothing to wait for.
func (s scope) awaitEnd(ctx context.Context, answer *transport.Response) error {
	location := answer.Header.Get("Location")
	if answer.Status != http.StatusAccepted || location == "" {
		return nil
	}
	c, err := taskCall(location)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, taskPatience, fmt.Errorf("the server's task has not ended after %s",
		taskPatience))
	defer cancel()
	for pause := firstTaskPoll; ; pause = min(2*pause, lastTaskPoll) {
		if transport.Pause(ctx, pause) != nil {
			return context.Cause(ctx)
		}
		state, err := s.readTask(ctx, c)
		if err != nil {
			return fmt.Errorf("the server took the request, but its task cannot be followed: %w", err)
		}
		switch strings.ToLower(state.Status) {
		case "success":
			return nil
		case "error", "aborted", "canceled":
			return state.failure()
		}
	}
}

// taskCall takes only the path from a Location: its host may be a name that is known inside the server's network alone,
// and the bearer token goes nowhere but to the configured server.
func taskCall(location string) (call, error) {
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(u.EscapedPath(), "/") { // behind the server's address it would make another one
		return call{}, errors.New("the server took the request, but the address of its task is unreadable")
	}
	c := call{method: http.MethodGet, path: u.EscapedPath(), query: u.Query(), accept: "application/*+xml"}
	if at := strings.Index(c.path, "/api/"); at >= 0 {
		c.path = c.path[at:]
	} else if at := strings.Index(c.path, "/cloudapi/"); at >= 0 {
		c.path, c.accept = c.path[at:], "application/json"
	}
	return c, nil
}

func (s scope) readTask(ctx context.Context, c call) (task, error) {
	var state task
	answer, err := s.send(ctx, c)
	if err != nil {
		return state, err
	}
	if json.Unmarshal(answer.Body, &state) == nil {
		return state, nil
	}
	if err := xml.Unmarshal(answer.Body, &state); err != nil {
		return state, unreadable(c.method, err)
	}
	return state, nil
}

func (t task) failure() error {
	if t.Error == nil || t.Error.Message == "" {
		return fmt.Errorf("the server's task ended with status %q", t.Status)
	}
	return &taskError{Status: t.Status, Code: plainCode(t.Error.Code), Message: setting.OneLine(t.Error.Message)}
}

// taskError is the server's no to a request that it had taken at first.
type taskError struct{ Status, Code, Message string }

func (e *taskError) Error() string {
	text := fmt.Sprintf("the server's task ended with status %q: %s", e.Status, e.Message)
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	return text
}
