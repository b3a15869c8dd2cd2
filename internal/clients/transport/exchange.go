// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// call is what the attempts of one request share. Attempts follow one another, so it needs no lock.
type call struct {
	client  *Client
	request Request
	secrets secrets
	limit   *timeLimit
	lost    int // attempts whose answer got lost
	// doubt: the server may have acted on an attempt, whatever comes of the next ones.
	doubt bool
}

// attempt sends the request once and reads the whole answer, so that an answer that breaks off is a failed attempt like
// any other. Its error is a *failure or an *Error.
func (c *call) attempt(ctx context.Context) (*Response, error) {
	request, err := c.build(ctx)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{"method": request.Method, "path": pathOf(request)}
	if request.URL.RawQuery != "" {
		fields["query"] = maskedQuery(request.URL.Query())
	}
	c.log(ctx, "HTTP request", fields, map[string]any{"request_bytes": max(request.ContentLength, 0)})

	started := time.Now()
	response, body, connected, err := c.exchange(request)
	elapsed := time.Since(started).Milliseconds()
	if err != nil {
		failed := newFailure(ctx, c, pathOf(request), err, connected)
		c.log(ctx, "HTTP request failed", fields, map[string]any{"duration_ms": elapsed, "error": failed.Error()})
		return nil, failed
	}
	c.log(ctx, "HTTP answer", fields, map[string]any{
		"duration_ms": elapsed, "status": response.StatusCode, "answer_bytes": len(body),
	})
	return c.receive(request, response, body)
}

func (c *call) build(ctx context.Context) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, c.request.Method, c.request.URL, bytes.NewReader(c.request.Body))
	if err != nil {
		return nil, fmt.Errorf("building the request: %w", withoutURL(err))
	}
	if c.request.Header != nil {
		request.Header = c.request.Header.Clone()
	}
	request.Header.Set("Accept", cmp.Or(c.request.Accept, "application/json"))
	if c.request.Body != nil {
		request.Header.Set("Content-Type", cmp.Or(c.request.ContentType, "application/json"))
	}
	if agent := c.client.config.UserAgent; agent != "" {
		request.Header.Set("User-Agent", agent)
	}
	return request, nil
}

// exchange also reports whether there was a connection: from then on the server may have seen the request.
func (c *call) exchange(request *http.Request) (response *http.Response, body []byte, connected bool, err error) {
	var gotConnection atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { gotConnection.Store(true) }}
	response, err = c.client.http.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		return nil, nil, gotConnection.Load(), withoutURL(err)
	}
	defer response.Body.Close()
	body, err = wholeBody(response.Body, c.client.config.MaxAnswerBytes)
	return response, body, true, err
}

// withoutURL is an error of net/http without the whole URL, which may hold a secret.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// receive makes a whole answer a Response, or an *Error from status 300 on.
func (c *call) receive(request *http.Request, response *http.Response, body []byte) (*Response, error) {
	if response.StatusCode < 300 {
		answer := &Response{Status: response.StatusCode, Header: response.Header, Body: body, secrets: c.secrets}
		if c.request.Check == nil {
			return answer, nil
		}
		if err := c.request.Check(answer); err != nil {
			return nil, &failure{
				method: request.Method,
				path:   pathOf(request),
				text:   c.secrets.mask(err.Error()),
				is:     []error{ErrUnreadable, ErrAnswerLost, err},
			}
		}
		return answer, nil
	}
	said := c.secrets.words(body)
	if target := response.Header.Get("Location"); response.StatusCode < 400 && target != "" {
		said = "the server redirects to " + c.secrets.mask(withoutQuery(target))
	}
	return nil, &Error{
		Method: request.Method,
		Path:   pathOf(response.Request),
		Status: response.StatusCode,
		Words:  said,
		Header: response.Header,
		Body:   body,
	}
}

func (c *call) log(ctx context.Context, message string, common, more map[string]any) {
	maps.Copy(more, common)
	c.client.config.Log(ctx, message, more)
}

// wholeBody reads a body up to a limit.
func wholeBody(body io.Reader, limit int64) ([]byte, error) {
	var buffer bytes.Buffer
	read, err := io.Copy(&buffer, io.LimitReader(body, limit+1))
	if read > limit {
		return nil, fmt.Errorf("%w (more than %d bytes)", ErrTooLarge, limit)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("the answer breaks off after %d bytes: %w", read, err)
	}
	return buffer.Bytes(), err
}

func pathOf(request *http.Request) string {
	if path := request.URL.EscapedPath(); path != "" {
		return path
	}
	return "/"
}
