package transport

import (
	"context"
	"errors"
)

// Client sends requests to one platform. It is safe for concurrent use.
type Client struct {
	config Config
}

// New checks the configuration; it sends nothing. A CACertificate that is no PEM is ErrBadCertificate.
func New(config Config) (*Client, error) {
	return &Client{config: config}, nil
}

// Do sends a request, again where that is safe and may help, and returns the whole answer. Every status from 300 on is an
// *Error; everything else that goes wrong answers to one or more of the sentinels, and to the context's own errors.
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	return nil, errors.New("being built")
}
