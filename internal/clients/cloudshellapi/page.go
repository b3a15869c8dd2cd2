// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// rawPage is a page whose entries are not decoded yet: {"Users": [...], "Cursor": null}.
type rawPage[T any] struct {
	entries json.RawMessage
	next    string
	total   int
}

// openPage finds the cursor. Status 202, entries in Errors and a missing key mark a partial answer.
func openPage[T any](l list[T], answer *transport.Response) (rawPage[T], error) {
	var about struct {
		Errors            importErrors
		Cursor            cursor
		Total, TotalCount number
	}
	var fields map[string]json.RawMessage
	if err := decode(http.MethodGet, l.path, answer, &fields); err != nil {
		return rawPage[T]{}, err
	}
	if err := decode(http.MethodGet, l.path, answer, &about); err != nil {
		return rawPage[T]{}, err
	}
	entries, given := entriesIn(fields, l.field)
	switch {
	case len(about.Errors) > 0:
		return rawPage[T]{}, fmt.Errorf("%w: %w", ErrPartial, about.Errors.asError(http.MethodGet, l.path, answer.Status))
	case answer.Status == http.StatusAccepted:
		return rawPage[T]{}, fmt.Errorf("GET %s: %w: status 202", l.path, ErrPartial)
	case !given:
		return rawPage[T]{}, fmt.Errorf(
			"GET %s: %w: the answer has no %q: %q",
			l.path,
			ErrPartial,
			l.field,
			answer.Words(),
		)
	}
	return rawPage[T]{entries, string(about.Cursor), int(max(about.Total.value, about.TotalCount.value))}, nil
}

// decode reads the entries, unless fetching the page failed.
func (r rawPage[T]) decode(l list[T], failed error) (page[T], error) {
	if failed != nil {
		return page[T]{}, failed
	}
	var items many[T]
	if err := json.Unmarshal(r.entries, &items); err != nil {
		return page[T]{}, fmt.Errorf("GET %s: the entries of %q cannot be read: %w", l.path, l.field, err)
	}
	return page[T]{items: items, next: r.next, total: r.total}, nil
}

func (r rawPage[T]) isEmpty() bool {
	text := bytes.TrimSpace(r.entries)
	inner, isList := bytes.CutPrefix(text, []byte("["))
	return string(text) == "null" || isList && len(bytes.TrimSpace(inner)) == len("]")
}

// entriesIn finds a key of an answer. As everywhere in encoding/json its case does not matter.
func entriesIn(fields map[string]json.RawMessage, key string) (json.RawMessage, bool) {
	for name, value := range fields {
		if strings.EqualFold(name, key) {
			return value, true
		}
	}
	return nil, false
}
