// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/tokenfile"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// granted is the answer to an API token. Service accounts get a new API token with it, and the one they used is spent.
type granted struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"` // null or absent for the tokens of users, which stay
}

// usesAPIToken reports whether the login is by an API token, which may read only.
func (c Config) usesAPIToken() bool { return c.APIToken != "" || c.APITokenFile != "" }

// exchange trades the API token for a bearer token, and keeps the next API token where the server hands one out.
func (c *connection) exchange(ctx context.Context, v version) (string, error) {
	if !v.atLeast(36, 1) {
		return "", fmt.Errorf(
			"%w: API tokens (api_token) need API version 36.1 or later, and %s is in use",
			ErrUnsupported,
			v.text,
		)
	}
	if c.config.APITokenFile != "" {
		return c.exchangeFile(ctx, v)
	}
	c.mu.Lock()
	token := cmp.Or(c.nextToken, c.config.APIToken)
	c.mu.Unlock()
	answer, err := c.trade(ctx, v, token)
	if err != nil {
		return "", err
	}
	if next := answer.RefreshToken; next != "" && next != token {
		c.mu.Lock()
		first := c.nextToken == ""
		c.nextToken = next
		c.mu.Unlock()
		if first && c.config.OnSpentAPIToken != nil {
			c.config.OnSpentAPIToken()
		}
	}
	return answer.AccessToken, nil
}

// exchangeFile trades the API token of the file, which no other process uses meanwhile.
func (c *connection) exchangeFile(ctx context.Context, v version) (string, error) {
	limit := cmp.Or(c.config.HTTP.RequestTimeout, transport.DefaultRequestTimeout)
	var answer granted
	err := tokenfile.Use(ctx, c.config.APITokenFile, max(time.Minute, 2*limit), func(token string) (string, error) {
		var err error
		answer, err = c.trade(ctx, v, token)
		return answer.RefreshToken, err
	})
	switch {
	case errors.Is(err, tokenfile.ErrNotStored):
		return "", fmt.Errorf("%w: %w; have a new token made", ErrTokenFile, err)
	case errors.Is(err, tokenfile.ErrUnusable), errors.Is(err, tokenfile.ErrLocked):
		return "", fmt.Errorf("%w: %w", ErrTokenFile, err)
	}
	return answer.AccessToken, err
}

// trade sends an API token to the server.
func (c *connection) trade(ctx context.Context, v version, token string) (granted, error) {
	path := "/oauth/tenant/" + url.PathEscape(c.config.Org) + "/token"
	if c.loginToProvider() {
		path = "/oauth/provider/token"
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	answer, err := c.sender.Do(ctx, transport.Request{
		Method: http.MethodPost, URL: c.base + path, Secret: true,
		Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded",
		Accept: "application/json;version=" + v.text,
	})
	if transport.Status(err) == http.StatusBadRequest { // how OAuth says invalid_grant
		err = meaning(answerError(err), ErrUnauthorized)
	}
	switch {
	case errors.Is(err, transport.ErrAnswerLost):
		return granted{}, fmt.Errorf(
			"the answer to the API token was lost; if the token belongs to a service account, it may be spent: %w",
			err,
		)
	case errors.Is(err, ErrUnauthorized):
		return granted{}, err
	case err != nil:
		return granted{}, loginError(err)
	}
	var g granted
	if err := json.Unmarshal(answer.Body, &g); err != nil || g.AccessToken == "" {
		return granted{}, errors.New("the answer to the API token holds no access_token")
	}
	return g, nil
}
