package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// call is what the attempts of one request share. It travels in the context, where the hooks of net/http and retryablehttp
// find it. Attempts follow one another, so it needs no lock.
type call struct {
	request Request
	secrets secrets
	limit   *timeLimit
	// answer and failed are the outcome of the latest attempt, one of them nil. failed is a *failure or an *Error.
	answer *Response
	failed error
}

type callKey struct{}

func (c *Client) begin(ctx context.Context, request Request) (context.Context, *call) {
	timeout := request.Timeout
	if timeout <= 0 {
		timeout = c.config.RequestTimeout
	}
	ctx, limit := withTimeLimit(ctx, timeout)
	started := &call{request: request, secrets: secretsOf(request), limit: limit}
	return context.WithValue(ctx, callKey{}, started), started
}

func callOf(ctx context.Context) *call {
	return ctx.Value(callKey{}).(*call) // every context here comes from begin
}

// explain makes the error of a call. When the time limit ended the wait for another attempt, what the last attempt met says
// more than the limit; when the caller ended it, he must be able to tell.
func (c *call) explain(ctx context.Context, err error) error {
	switch {
	case c.failed == nil:
		return fmt.Errorf("%s: %w", c.request.Method, err)
	case ctx.Err() != nil && !errors.Is(c.failed, ctx.Err()) && !errors.Is(context.Cause(ctx), ErrTimeout):
		return fmt.Errorf("%w while waiting to send the request again: %w", ended(ctx.Err()), c.failed)
	}
	return c.failed
}

// exchanger makes one attempt: it sends the request and reads the whole answer, so that an answer that breaks off is a
// failed attempt like any other. Each attempt is logged here.
type exchanger struct {
	pool   http.RoundTripper
	config Config
}

// RoundTrip leaves the outcome in the call; the body of the response that it returns is empty.
func (e *exchanger) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	call := callOf(ctx)
	fields := map[string]any{"method": request.Method, "path": pathOf(request)}
	if request.URL.RawQuery != "" {
		fields["query"] = maskedQuery(request.URL.Query())
	}
	e.log(ctx, "HTTP request", fields, map[string]any{"request_bytes": max(request.ContentLength, 0)})

	started := time.Now()
	response, body, connected, err := e.exchange(request)
	elapsed := time.Since(started).Milliseconds()
	if err != nil {
		failed := newFailure(ctx, call, pathOf(request), err, connected)
		call.answer, call.failed = nil, failed
		e.log(ctx, "HTTP request failed", fields, map[string]any{"duration_ms": elapsed, "error": failed.Error()})
		return nil, failed
	}
	e.log(ctx, "HTTP answer", fields, map[string]any{
		"duration_ms": elapsed, "status": response.StatusCode, "answer_bytes": len(body),
	})
	call.receive(response, body)
	response.Body = http.NoBody
	return response, nil
}

// exchange also tells whether there was a connection: from then on the server may have seen the request.
func (e *exchanger) exchange(request *http.Request) (response *http.Response, body []byte, connected bool, err error) {
	var gotConnection atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { gotConnection.Store(true) }}
	response, err = e.pool.RoundTrip(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		return nil, nil, gotConnection.Load(), err
	}
	defer response.Body.Close()
	body, err = wholeBody(response.Body, e.config.MaxAnswerBytes)
	return response, body, true, err
}

// receive keeps a whole answer: as a Response, or as an *Error from status 300 on.
func (c *call) receive(response *http.Response, body []byte) {
	c.answer, c.failed = nil, nil
	if response.StatusCode < 300 {
		c.answer = &Response{Status: response.StatusCode, Header: response.Header, Body: body}
		return
	}
	said := Words([]byte(c.secrets.mask(string(body)))) // before it is cut to length, which could leave half a secret
	if target := response.Header.Get("Location"); response.StatusCode < 400 && target != "" {
		said = "the server redirects to " + withoutQuery(target)
	}
	c.failed = &Error{
		Method: c.request.Method,
		Path:   pathOf(response.Request),
		Status: response.StatusCode,
		Words:  said,
		Header: response.Header,
		Body:   body,
	}
}

func (e *exchanger) log(ctx context.Context, message string, common, more map[string]any) {
	maps.Copy(more, common)
	e.config.Log(ctx, message, more)
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
