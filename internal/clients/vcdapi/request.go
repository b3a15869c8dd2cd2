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

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// scope sends requests as the login account inside one organization.
type scope struct {
	conn    *connection
	version version
	context http.Header // tenant context of a provider administrator, else nil
}

// call is one request below the server's base URL.
type call struct {
	method, path string
	query        url.Values
	body         []byte
	contentType  string
	accept       string                          // without the version, which scope adds
	retrySafe    bool                            // a POST that may be repeated
	check        func(*transport.Response) error // whether an answer can be read; nil: nothing is read of it
}

// send logs in first where that is needed. When the server says that the session is gone, it logs in again and tries
// once more. Answers of 400 and more are an *Error.
func (s scope) send(ctx context.Context, c call) (*transport.Response, error) {
	login, err := s.conn.session(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := s.sendAs(ctx, login, c)
	if transport.Status(err) != http.StatusUnauthorized {
		return checked(c, answer, err)
	}
	login, err = s.conn.renewed(ctx, login)
	if err != nil {
		return nil, err
	}
	answer, err = s.sendAs(ctx, login, c)
	return checked(c, answer, err)
}

// checked takes no web page for a success: a proxy or a login page answers 200 as well, and the server has done nothing
// then.
func checked(c call, answer *transport.Response, err error) (*transport.Response, error) {
	if err != nil {
		return nil, answerError(err)
	}
	if err := noWebPage(answer); err != nil {
		return nil, unreadable(c.method, err)
	}
	return answer, nil
}

func noWebPage(answer *transport.Response) error {
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return errors.New("a web page came instead; check vcd.url, and proxies on the way")
	}
	return nil
}

// isJSON and isXML make the transport ask again for an answer that is cut or garbled.
func isJSON(answer *transport.Response) error {
	if err := noWebPage(answer); err != nil {
		return err
	}
	if !json.Valid(answer.Body) {
		return errors.New("the server's answer is no JSON")
	}
	return nil
}

func isXML(answer *transport.Response) error {
	if err := noWebPage(answer); err != nil {
		return err
	}
	if err := xml.Unmarshal(answer.Body, new(struct{})); err != nil {
		return fmt.Errorf("the server's answer is no XML: %w", err)
	}
	return nil
}

func (s scope) sendAs(ctx context.Context, login *session, c call) (*transport.Response, error) {
	header := http.Header{"Authorization": {"Bearer " + login.token}}
	for name, values := range s.context {
		header[http.CanonicalHeaderKey(name)] = values
	}
	target := s.conn.base + c.path
	if len(c.query) > 0 {
		target += "?" + c.query.Encode()
	}
	return s.conn.sender.Do(ctx, transport.Request{
		Method: c.method, URL: target, Header: header, RetrySafe: c.retrySafe,
		Body: c.body, ContentType: c.contentType, Accept: c.accept + ";version=" + s.version.text,
		Check: c.check,
	})
}

// cloud is a call to CloudAPI that answers JSON; in and out may be nil.
func (s scope) cloud(ctx context.Context, method, path string, query url.Values,
	in, out any) (*transport.Response, error) {
	c := call{method: method, path: "/cloudapi/1.0.0" + path, query: query, accept: "application/json"}
	if in != nil {
		body, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("cannot encode the request: %w", err)
		}
		c.body, c.contentType = body, "application/json"
	}
	if out != nil {
		c.check = isJSON
	}
	answer, err := s.send(ctx, c)
	if err != nil || out == nil {
		return answer, err
	}
	if err := json.Unmarshal(answer.Body, out); err != nil {
		return nil, unreadable(method, err)
	}
	return answer, nil
}

// legacy is a call to the XML interface; in and out may be nil.
func (s scope) legacy(ctx context.Context, method, path string, query url.Values, contentType string,
	in, out any) error {
	c := call{method: method, path: "/api" + path, query: query, accept: "application/*+xml"}
	if in != nil {
		body, err := encodeXML(in)
		if err != nil {
			return fmt.Errorf("cannot encode the request: %w", err)
		}
		c.body, c.contentType = append([]byte(xml.Header), body...), contentType
	}
	if out != nil {
		c.check = isXML
	}
	answer, err := s.send(ctx, c)
	if err != nil || out == nil {
		return err
	}
	if err := xml.Unmarshal(answer.Body, out); err != nil {
		return unreadable(method, err)
	}
	if element, ok := out.(interface{ keep(sent []byte) }); ok {
		element.keep(answer.Body)
	}
	return nil
}

func encodeXML(in any) ([]byte, error) {
	if body, ok := in.(encodedXML); ok {
		return body, nil
	}
	return xml.Marshal(in)
}

// unreadable is the error for a success whose body makes no sense. After a change the server has probably acted. What
// is wrong with it may quote the server at any length.
func unreadable(method string, err error) error {
	problem := setting.OneLine(err.Error())
	if method == http.MethodGet {
		return fmt.Errorf("cannot read the server's answer: %s", problem)
	}
	return fmt.Errorf("%w: cannot read the server's answer to the change: %s", transport.ErrAnswerLost, problem)
}

// bareID is the last part of a URN or href: its UUID.
func bareID(id string) string {
	return id[strings.LastIndexAny(id, ":/")+1:]
}

// urn makes the URN of a kind of entity from a bare id, an href or a URN.
func urn(kind, id string) string {
	if id == "" {
		return ""
	}
	return "urn:vcloud:" + kind + ":" + bareID(id)
}

// entityPath is the path of one entity; the id comes from state or an import and may hold anything.
func entityPath(collection, id string) (string, error) {
	switch bareID(id) {
	case "", ".", "..": // would address the whole collection, or another one
		return "", fmt.Errorf("%q is no id", id)
	}
	return collection + "/" + url.PathEscape(id), nil
}
