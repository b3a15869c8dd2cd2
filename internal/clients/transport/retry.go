package transport

import (
	"context"
	"errors"
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

// checkRetry decides whether another attempt is made. It never replaces the outcome by an error of its own.
func checkRetry(ctx context.Context, answer *http.Response, _ error) (bool, error) {
	return ctx.Err() == nil && callOf(ctx).mayHelp(answer), nil
}

// mayHelp tells whether another attempt is allowed and may fare better than the last.
func (c *call) mayHelp(answer *http.Response) bool {
	if failed, ok := errors.AsType[*failure](c.failed); ok {
		return failed.mayPass() && (!errors.Is(failed, ErrAnswerLost) || c.request.repeatable())
	}
	if answer == nil {
		return false
	}
	switch answer.StatusCode {
	case http.StatusTooManyRequests:
		return true // turned away before anything was done
	case http.StatusServiceUnavailable:
		return answer.Header.Get("Retry-After") != "" || c.request.repeatable()
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return c.request.repeatable()
	}
	return false
}

// repeatable tells whether the request may be sent again although the server may have acted on it.
func (r Request) repeatable() bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return !r.Once
	}
	return r.RetrySafe && !r.Once
}

// backOff is how long to wait before the next attempt. A wait that the server asks for extends the time limit.
func backOff(shortest, longest time.Duration, attempt int, answer *http.Response) time.Duration {
	if answer != nil {
		if asked, ok := retryAfter(answer.Header.Get("Retry-After"), time.Now()); ok {
			asked = min(asked, longestAskedWait)
			callOf(answer.Request.Context()).limit.extend(asked)
			return asked
		}
	}
	wait := min(shortest<<min(attempt, 16), longest)
	return wait - rand.N(wait/2) //nolint:gosec // G404: jitter, no secret
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
