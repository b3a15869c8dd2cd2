// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
)

// Defaults of Config.
const (
	DefaultRequestTimeout        = 30 * time.Second
	DefaultMaxConcurrentRequests = 8
	DefaultMaxAnswerBytes        = 32 << 20
)

const (
	// connectTimeout bounds one attempt to connect, so that a host that swallows packets leaves time for another attempt.
	connectTimeout = 10 * time.Second
	// idleTimeout is well below the two minutes after which IIS closes idle connections: a POST on a connection that the
	// server is just closing is lost, and must not be sent again.
	idleTimeout = 30 * time.Second
	// maxHeadBytes bounds the head of an answer.
	maxHeadBytes = 1 << 20
)

// Client sends requests to one platform. It is safe for concurrent use.
type Client struct {
	config Config
	slots  *semaphore.Weighted
	http   *http.Client
}

// New checks the configuration; it sends nothing. Its error is a *setting.Error.
func New(config Config) (*Client, error) {
	config = config.withDefaults()
	tlsConfig, err := config.TLS.Config()
	if err != nil {
		return nil, err
	}
	client := &Client{config: config, slots: semaphore.NewWeighted(int64(config.MaxConcurrentRequests))}
	pool := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     tlsConfig,
		TLSHandshakeTimeout: connectTimeout,
		MaxIdleConns:        config.MaxConcurrentRequests,
		MaxIdleConnsPerHost: config.MaxConcurrentRequests,
		IdleConnTimeout:     idleTimeout,

		MaxResponseHeaderBytes: maxHeadBytes,
	}
	client.http = &http.Client{Transport: readableLocations{pool}, CheckRedirect: sameHostOnly}
	return client, nil
}

// Do sends a request, again where that is safe and may help, and returns the whole answer. Every status from 300 on is
// an *Error; everything else that goes wrong answers to one or more of the sentinels, and to the context's own errors.
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	if name := checkHeader(request.Header); name != "" {
		return nil, fmt.Errorf("building the request: the header %s holds a line break or another control character", name)
	}
	if err := c.slots.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("waiting to send a request: %w", ended(err))
	}
	defer c.slots.Release(1)

	ctx, limit := withTimeLimit(ctx, cmp.Or(max(request.Timeout, 0), c.config.RequestTimeout))
	defer limit.stop()
	call := &call{client: c, request: request, secrets: secretsOf(request), limit: limit}
	for retries := 0; ; retries++ {
		answer, err := call.attempt(ctx)
		err = call.withDoubt(err)
		if err == nil || retries == c.config.MaxRetries || ctx.Err() != nil || !call.mayHelp(err) {
			return answer, err
		}
		if Pause(ctx, call.backOff(retries, err)) != nil {
			return nil, whileWaiting(ctx, err)
		}
	}
}

func (config Config) withDefaults() Config {
	if config.RequestTimeout <= 0 {
		config.RequestTimeout = DefaultRequestTimeout
	}
	if config.MaxConcurrentRequests <= 0 {
		config.MaxConcurrentRequests = DefaultMaxConcurrentRequests
	}
	if config.MaxAnswerBytes <= 0 {
		config.MaxAnswerBytes = DefaultMaxAnswerBytes
	}
	config.MaxRetries = max(config.MaxRetries, 0)
	if config.Log == nil {
		config.Log = func(context.Context, string, map[string]any) {}
	}
	return config
}

// sameHostOnly follows a redirect only where neither the credentials nor the body can end up elsewhere: for GET and
// HEAD, to the same scheme, host and port. net/http alone would carry the Authorization header to any subdomain, and
// turn a redirected POST into a GET.
func sameHostOnly(next *http.Request, before []*http.Request) error {
	first := before[0]
	harmless := readsOnly(first.Method)
	if !harmless || next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host || len(before) > 5 {
		return http.ErrUseLastResponse
	}
	return nil
}

// readableLocations drops redirects to what is no address, since the error of net/http repeats it with any secret in
// it.
type readableLocations struct{ pool http.RoundTripper }

func (r readableLocations) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.pool.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	isRedirect := response.StatusCode >= 300 && response.StatusCode < 400
	if _, err := response.Location(); isRedirect && err != nil {
		response.Header.Del("Location")
	}
	return response, nil
}
