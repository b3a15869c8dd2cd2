// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// firstWait doubles with each retry up to longestWait; the jitter takes up to half of it away.
	firstWait   = 250 * time.Millisecond
	longestWait = 5 * time.Second
	// longestAskedWait caps what a server may ask for by Retry-After.
	longestAskedWait = time.Minute
)

// mayHelp reports whether another attempt is allowed and may succeed.
func (c *call) mayHelp(err error) bool {
	if failed, ok := errors.AsType[*failure](err); ok {
		return failed.mayPass() && (!errors.Is(failed, ErrAnswerLost) || c.mayRepeatLost())
	}
	switch Status(err) {
	case http.StatusTooManyRequests:
		return true // turned away before anything was done
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return c.request.Login || c.request.repeatable() // that is a proxy, or a server that checks no password now
	case http.StatusInternalServerError:
		return c.mayRepeatLost()
	}
	return false
}

// mayRepeatLost counts the answers that got lost. One of them may have been the refusal of a login, so that a login is
// sent again only once.
func (c *call) mayRepeatLost() bool {
	c.lost++
	if c.request.Login {
		return c.lost == 1
	}
	return c.request.repeatable()
}

// withDoubt is the error of an attempt, and an ErrAnswerLost too if no answer came to this attempt and the server may
// have acted on one before: a server that goes down has often done what it was asked for last.
func (c *call) withDoubt(err error) error {
	switch {
	case err == nil, readsOnly(c.request.Method):
	case errors.Is(err, ErrAnswerLost), Status(err) >= http.StatusInternalServerError:
		c.doubt = true
	case c.doubt && Status(err) == 0:
		return fmt.Errorf("%w (an earlier attempt: %w)", err, ErrAnswerLost)
	}
	return err
}

// readsOnly reports whether requests of a method change nothing on the server.
func readsOnly(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// repeatable reports whether the request may be sent again although the server may have acted on it.
func (r Request) repeatable() bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return true
	}
	return r.RetrySafe
}

// backOff is how long to wait before the next attempt. A longer wait that the server asks for extends the time limit. A
// shorter one does not count: all retries would be over in a moment, and a date is in the past where clocks differ.
func (c *call) backOff(retries int, err error) time.Duration {
	longest := min(firstWait<<min(retries, 16), longestWait)
	length := longest - rand.N(longest/2) //nolint:gosec // G404: jitter, no secret
	if asked, ok := RetryAfter(err); ok && asked > length {
		c.limit.extend(asked)
		return asked
	}
	return length
}

// whileWaiting makes the error of a call that ended between two attempts. What the last attempt met says more than the
// time limit; but a caller who ended it must be able to tell.
func whileWaiting(ctx context.Context, last error) error {
	if errors.Is(context.Cause(ctx), ErrTimeout) {
		return last
	}
	return fmt.Errorf("%w while waiting to send the request again: %w", ended(ctx.Err()), last)
}

// RetryAfter is how long the server's answer asks to wait before the request is sent again, a minute at most.
func RetryAfter(err error) (time.Duration, bool) {
	answer, ok := errors.AsType[*Error](err)
	if !ok {
		return 0, false
	}
	asked, ok := retryAfter(answer.Header.Get("Retry-After"), time.Now())
	return min(asked, longestAskedWait), ok
}

// retryAfter reads both forms of the header: seconds and an HTTP date.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	if header == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second, true
	}
	if date, err := http.ParseTime(header); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}

// timeLimit ends a context like context.WithTimeout, but it can be extended.
type timeLimit struct {
	length time.Duration // as it was set
	mu     sync.Mutex
	timer  *time.Timer
	ends   time.Time
	cancel context.CancelCauseFunc
}

func withTimeLimit(parent context.Context, timeout time.Duration) (context.Context, *timeLimit) {
	ctx, cancel := context.WithCancelCause(parent)
	limit := &timeLimit{length: timeout, ends: time.Now().Add(timeout), cancel: cancel}
	limit.timer = time.AfterFunc(timeout, func() { cancel(ErrTimeout) })
	return ctx, limit
}

func (l *timeLimit) extend(by time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer.Stop() {
		l.ends = l.ends.Add(by)
		l.timer.Reset(time.Until(l.ends))
	}
}

func (l *timeLimit) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer.Stop()
	l.cancel(nil)
}
