// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// session holds the token of a login and knows under which scheme the server accepts it.
type session struct {
	http      *transport.Client
	loginURL  string
	loginBody []byte
	// account and advice are for the message about a refused login.
	account, advice string
	// given: the token comes from the configuration.
	given bool
	// cooling is how long a server that could not be reached is not asked again.
	cooling time.Duration

	// loggingIn and probing admit one at a time; unlike a mutex they can be waited for with a context.
	loggingIn, probing chan struct{}

	mu     sync.Mutex
	now    token
	scheme string // "" = not known yet
	// accepted is the number of the token that the server took last: when it refuses that one later, it has expired.
	accepted int
	// attempts counts the logins; failed is the outcome of the last one when it failed, and failedUntil until when that
	// holds.
	attempts    int
	failed      error
	failedUntil time.Time
}

// token is the session token of one login. The zero value is none.
type token struct {
	text string
	// number counts the logins, to tell a token that was refused from one that another caller has fetched since.
	number int
}

// forever is longer than any run.
const forever = 365 * 24 * time.Hour

func newSession(config Config, base string, sender *transport.Client) (*session, error) {
	s := &session{
		http: sender, loginURL: base + "/Api/Auth/Login", cooling: config.HTTP.RequestTimeout,
		loggingIn: make(chan struct{}, 1), probing: make(chan struct{}, 1),
	}
	if s.cooling <= 0 {
		s.cooling = transport.DefaultRequestTimeout
	}
	switch strings.ToLower(config.AuthScheme) {
	case "", "auto":
	case "bearer":
		s.scheme = "Bearer"
	case "basic":
		s.scheme = "Basic"
	default:
		return nil, setting.Errorf("auth_scheme", "%q is none of auto, bearer and basic", config.AuthScheme)
	}
	domain := cmp.Or(config.Domain, "Global")
	s.account = fmt.Sprintf("user %q of domain %q", config.Username, domain)
	s.advice = "Check cloudshell.username, cloudshell.password and cloudshell.domain " +
		"(CloudShell's own domain, not the directory's). " +
		"The login is not repeated, since CloudShell locks accounts." + setting.DomainHint(config.Username)
	login := map[string]string{"Domain": domain}
	if config.Token != "" {
		s.given, s.now = true, token{text: config.Token, number: 1}
		s.account, s.advice = "the session token", "Check cloudshell.token, which expires after some hours."
		login["Token"] = config.Token
	} else {
		login["Username"], login["Password"] = config.Username, config.Password
	}
	body, err := json.Marshal(login)
	s.loginBody = body
	return s, err
}

// do sends a request with a token. A login that is refused is a *setting.LoginError.
func (s *session) do(ctx context.Context, request transport.Request) (*transport.Response, error) {
	answer, err := s.attempt(ctx, request)
	if errors.Is(err, ErrUnauthorized) {
		return nil, s.refused(err)
	}
	return answer, err
}

// attempt sends a request with a token. A token that is refused is renewed once. A given one cannot be renewed; but
// when it was refused from the start, it may be one of CloudShell's other interfaces, which a login exchanges for one
// of this.
func (s *session) attempt(ctx context.Context, request transport.Request) (*transport.Response, error) {
	current, err := s.token(ctx, 0)
	if err != nil {
		return nil, err
	}
	answer, err := s.send(ctx, request, current)
	if transport.Status(err) != http.StatusUnauthorized {
		return answer, err
	}
	if s.given && s.wasAccepted(current) {
		return nil, fmt.Errorf("%w: the given token has expired (%w); a given token cannot be renewed", ErrUnauthorized, err)
	}
	if current, err = s.token(ctx, current.number); err != nil {
		return nil, err
	}
	answer, err = s.send(ctx, request, current)
	if transport.Status(err) == http.StatusUnauthorized {
		return nil, fmt.Errorf("%w: the server refuses the token that it has just handed out: %w", ErrUnauthorized, err)
	}
	return answer, err
}

func (s *session) refused(err error) error {
	return &setting.LoginError{Account: s.account, Advice: s.advice, Err: err}
}

// send tries Bearer and, on 401, once the raw token as Basic, until it is known which of them the server accepts.
func (s *session) send(ctx context.Context, request transport.Request, with token) (*transport.Response, error) {
	scheme := s.acceptedScheme()
	if scheme != "" {
		return s.sendAs(ctx, request, scheme, with)
	}
	if request.Method == http.MethodGet { // a write may take minutes, and others should not wait for it
		if err := enter(ctx, s.probing); err != nil {
			return nil, err
		}
		defer leave(s.probing)
		if scheme = s.acceptedScheme(); scheme != "" {
			return s.sendAs(ctx, request, scheme, with)
		}
	}
	answer, err := s.sendAs(ctx, request, "Bearer", with)
	if transport.Status(err) == http.StatusUnauthorized {
		return s.sendAs(ctx, request, "Basic", with)
	}
	return answer, err
}

func (s *session) acceptedScheme() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scheme
}

// isKnown reports whether the server has shown to be CloudShell: by a login, or by accepting the given token.
func (s *session) isKnown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.given || s.accepted > 0
}

func (s *session) wasAccepted(token token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted == token.number
}

func (s *session) sendAs(
	ctx context.Context,
	request transport.Request,
	scheme string,
	with token,
) (*transport.Response, error) {
	request.Header = http.Header{"Authorization": {scheme + " " + with.text}}
	answer, err := s.http.Do(ctx, request)
	if err == nil { // an error may come from something in between, which looks at no token
		s.mu.Lock()
		s.scheme, s.accepted = scheme, with.number
		s.mu.Unlock()
	}
	return answer, err
}

// token returns a token other than the refused one. All who need one share one login and its outcome.
func (s *session) token(ctx context.Context, refused int) (token, error) {
	current, attempts, err := s.look(refused, -1)
	if err != nil || current.number > refused {
		return current, err
	}
	if err := enter(ctx, s.loggingIn); err != nil {
		return token{}, err
	}
	defer leave(s.loggingIn)
	if current, _, err = s.look(refused, attempts); err != nil || current.number > refused {
		return current, err
	}
	text, err := s.login(ctx)

	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil && ctx.Err() != nil {
		return token{}, err // this caller gave up, which says nothing about the server
	}
	s.attempts++
	s.failed, s.failedUntil = err, time.Now().Add(s.lasts(err))
	if err != nil {
		return token{}, err
	}
	s.now = token{text: text, number: s.now.number + 1}
	return s.now, nil
}

// look returns what is known without a request: the token, or the failure of a login that need not or must not be tried
// again. since is how many logins there were when the caller began to wait; -1 = they have not waited.
func (s *session) look(refused, since int) (token, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil && (time.Now().Before(s.failedUntil) || since >= 0 && s.attempts > since) {
		return token{}, s.attempts, s.failed
	}
	if s.now.number > refused {
		return s.now, s.attempts, nil
	}
	return token{}, s.attempts, nil
}

// lasts is for how long a failed login is not tried again. A refusal is final for the run, and repeating it would lock
// the account (the server counts, see DelayFailedLoginsAttempts). A server that cannot be reached is left alone for a
// while, so that a run over a thousand users does not wait for it a thousand times.
func (s *session) lasts(err error) time.Duration {
	switch {
	case errors.Is(err, ErrUnauthorized),
		errors.Is(err, ErrNotCloudShell),
		errors.Is(err, transport.ErrUntrustedCertificate):
		return forever
	case errors.Is(err, transport.ErrUnreachable), errors.Is(err, transport.ErrTimeout):
		return s.cooling
	}
	return 0
}

// login fetches a token.
func (s *session) login(ctx context.Context) (string, error) {
	answer, err := s.http.Do(ctx, transport.Request{
		Method: http.MethodPut, URL: s.loginURL, Body: s.loginBody, Login: true, Secret: true, Check: isWholeToken,
	})
	if err != nil {
		return "", s.explainLogin(err)
	}
	return readToken(answer)
}

// isWholeToken refuses a token that breaks off.
func isWholeToken(answer *transport.Response) error {
	if body := withoutMark(answer.Body); bytes.HasPrefix(body, []byte(`"`)) && !json.Valid(body) {
		return errors.New("the answer to the login breaks off")
	}
	return nil
}

func (s *session) explainLogin(err error) error {
	status := transport.Status(err)
	switch {
	case s.given && status >= 300 && status < 500 && status != http.StatusTooManyRequests:
		return fmt.Errorf("%w: the given token has expired or is not one of this server: %w", ErrUnauthorized, err)
	case errors.Is(err, transport.ErrTooLarge), status >= 300 && status < 400,
		status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusNotImplemented:
		return fmt.Errorf("the login found no login there, %w: %w", ErrNotCloudShell, err)
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return fmt.Errorf("login: %w", err)
	case status >= 400 && status < 500:
		return fmt.Errorf("%w: %w", ErrUnauthorized, err)
	}
	return fmt.Errorf("login: %w", err)
}

// bareToken is a token that came without the quotes of JSON: one word, longer than what a health check or an error page
// says.
var bareToken = regexp.MustCompile(`^[A-Za-z0-9_+/=.-]{16,512}$`)

// readToken reads the JSON string that a login is documented to answer.
func readToken(answer *transport.Response) (string, error) {
	var text string
	if json.Unmarshal(withoutMark(answer.Body), &text) == nil {
		if text = strings.TrimSpace(text); text != "" && !strings.ContainsAny(text, " \r\n\t<>") {
			return text, nil
		}
	} else if bare := strings.TrimSpace(string(answer.Body)); bareToken.MatchString(bare) {
		return bare, nil
	}
	return "", fmt.Errorf(
		"the login was answered %d with %s instead of a token: %w",
		answer.Status,
		describe(answer),
		ErrNotCloudShell,
	)
}

// enter waits for the one place in a channel, or for the end of ctx.
func enter(ctx context.Context, door chan struct{}) error {
	select {
	case door <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func leave(door chan struct{}) { <-door }
