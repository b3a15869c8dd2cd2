// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

const (
	usersPath          = "/api/v1/users"
	groupsPath         = "/api/v1/groups"
	externalGroupsPath = "/api/v1/integrations/IdentityManagement/groups"
	importPath         = "/api/v1/integrations/IdentityManagement/users"
)

// withID is the path of one object of a collection.
func withID(path string, id int64) string { return path + "/" + strconv.FormatInt(id, 10) }

// get reads one object.
func (c *Client) get(ctx context.Context, path string, target any) error {
	answer, err := c.read(ctx, path, nil)
	if err != nil {
		return err
	}
	return decode(http.MethodGet, path, answer, target)
}

func (c *Client) read(ctx context.Context, path string, query url.Values) (*transport.Response, error) {
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	answer, err := c.session.do(ctx, transport.Request{Method: http.MethodGet, URL: address, Check: isJSON})
	return answer, meaning(err)
}

// isJSON makes the transport ask again for an answer that is cut or garbled.
func isJSON(answer *transport.Response) error {
	if json.Valid(withoutMark(answer.Body)) {
		return nil
	}
	return fmt.Errorf("the server answered %d with %s, which cannot be read", answer.Status, describe(answer))
}

// withoutMark cuts off the byte order mark that some Windows servers begin with.
func withoutMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\ufeff")) }

// write is one request that changes something.
type write struct {
	method, path string
	body         any // nil = none
	timeout      time.Duration
	repeatable   bool // doing it twice does no harm, although it is a POST
}

func (c *Client) write(ctx context.Context, w write) (*transport.Response, error) {
	request := transport.Request{Method: w.method, URL: c.base + w.path, Timeout: w.timeout, RetrySafe: w.repeatable}
	if w.body != nil {
		body, err := json.Marshal(w.body)
		if err != nil {
			return nil, fmt.Errorf("encoding the request: %w", err)
		}
		request.Body = body
	}
	answer, err := c.session.do(ctx, request)
	return answer, meaning(err)
}

// meaning adds the sentinel to a status, following the vendor's table of codes. The status of a login says nothing
// about what was asked for.
func meaning(err error) error {
	if _, refused := errors.AsType[*setting.LoginError](err); refused || errors.Is(err, ErrNotCloudShell) {
		return err
	}
	switch transport.Status(err) {
	case http.StatusNotFound:
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	case http.StatusConflict:
		return fmt.Errorf("%w: %w", ErrExists, err)
	case http.StatusForbidden:
		return fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return err
}

// withoutMeaning is the bare answer behind an error, where its status proves nothing.
func withoutMeaning(err error) error {
	if answer, ok := errors.AsType[*transport.Error](err); ok {
		return answer
	}
	return err
}

// confirmed is an ErrNotFound of a write where the look-up says the same, else the bare answer.
func confirmed(notFound, lookUp error) error {
	if errors.Is(lookUp, ErrNotFound) {
		return notFound
	}
	return withoutMeaning(notFound)
}

// decode reads an answer. One that cannot be read leaves it open, after a write, what the server did.
func decode(method, path string, answer *transport.Response, target any) error {
	err := json.Unmarshal(withoutMark(answer.Body), target)
	if err == nil {
		return nil
	}
	err = fmt.Errorf(
		"%s %s: the server answered %d with %s, which cannot be read: %w",
		method,
		path,
		answer.Status,
		describe(answer),
		err,
	)
	if method != http.MethodGet {
		err = fmt.Errorf("%w: %w", transport.ErrAnswerLost, err)
	}
	return err
}

// describe says in a few words what came instead of what was expected. It repeats the text of a web page only, since
// anything else may be a token.
func describe(answer *transport.Response) string {
	body := bytes.TrimSpace(answer.Body)
	switch {
	case len(body) == 0:
		return "an empty body"
	case body[0] == '<' || strings.Contains(answer.Header.Get("Content-Type"), "html"):
		if said := answer.Words(); said != "" {
			return fmt.Sprintf("a web page (%q)", said)
		}
		return "a web page"
	case json.Valid(body):
		return "other JSON"
	}
	return "something that is no JSON"
}
