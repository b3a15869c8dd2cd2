// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPage = 50
	maximalPage = 250
	pagingQuery = "paginationProperties."
)

// query is the paging part of a request for a list.
type query struct {
	limit      int
	cursor     string
	filter     string
	descending bool
}

func parseQuery(values url.Values) (query, error) {
	q := query{limit: defaultPage}
	for name, sent := range values {
		if len(sent) != 1 {
			return q, fmt.Errorf("query parameter %q was sent %d times", name, len(sent))
		}
		value := sent[0]
		field, ok := strings.CutPrefix(name, pagingQuery)
		if !ok {
			return q, fmt.Errorf("unknown query parameter %q", name)
		}
		switch field {
		case "limit":
			limit, err := strconv.Atoi(value)
			if err != nil || limit < 1 || limit > maximalPage {
				return q, fmt.Errorf("limit must be between 1 and %d", maximalPage)
			}
			q.limit = limit
		case "cursor":
			q.cursor = value
		case "filter":
			q.filter = value
		case "sort-by": // lists come in one order, whatever is asked
		case "sort-order":
			if value != "1" && value != "-1" {
				return q, errors.New("sort-order must be 1 or -1")
			}
			q.descending = value == "-1"
		default:
			return q, fmt.Errorf("unknown query parameter %q", name)
		}
	}
	return q, nil
}

// cutPage cuts one page out of items, which come in a stable order, and returns the cursor of the next one, nil at the
// end. The text of an item is what the filter looks at, and its name in the base64 cursor.
func cutPage[T any](items []T, q query, form CursorForm, text func(T) string) (page []T, next any, err error) {
	if q.filter != "" {
		items = slices.DeleteFunc(slices.Clone(items), func(item T) bool {
			return !strings.Contains(key(text(item)), key(q.filter))
		})
	}
	if q.descending {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	start, err := startOf(items, q, form, text)
	if err != nil {
		return nil, nil, err
	}
	end := min(start+q.limit, len(items))
	page = items[start:end]
	switch {
	case form == CursorRepeated:
		return page, "again", nil
	case form == CursorEndless:
		seen, _ := strconv.Atoi(q.cursor) // the first page comes without a cursor
		return page, seen + len(page) + 1, nil
	case end == len(items):
		return page, nil, nil
	case form == CursorNumber:
		return page, end, nil
	default:
		return page, encodeCursor(mark{After: text(items[end-1]), At: end}), nil
	}
}

// mark is what a base64 cursor holds: the last item sent, and where it was in case that it has gone since.
type mark struct {
	After string `json:"after"`
	At    int    `json:"at"`
}

// cursorPrefix makes for a slash and a plus in the base64 text, which a URL must escape.
const cursorPrefix = "???>>>"

func encodeCursor(m mark) string {
	encoded, _ := json.Marshal(m) // a string and an int always encode
	return base64.StdEncoding.EncodeToString(append([]byte(cursorPrefix), encoded...))
}

func decodeCursor(cursor string) (mark, error) {
	var m mark
	decoded, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(bytes.TrimPrefix(decoded, []byte(cursorPrefix)), &m)
}

func startOf[T any](items []T, q query, form CursorForm, text func(T) string) (int, error) {
	if q.cursor == "" || form == CursorRepeated || form == CursorEndless {
		return 0, nil
	}
	if form == CursorNumber {
		start, err := strconv.Atoi(q.cursor)
		if err != nil || start < 0 {
			return 0, fmt.Errorf("invalid cursor %q", q.cursor)
		}
		return min(start, len(items)), nil
	}
	m, err := decodeCursor(q.cursor)
	if err != nil {
		return 0, fmt.Errorf("invalid cursor %q", q.cursor)
	}
	if at := m.At - 1; at >= 0 && at < len(items) && text(items[at]) == m.After {
		return m.At, nil
	}
	at := slices.IndexFunc(items, func(item T) bool { return text(item) == m.After })
	if at < 0 {
		return min(m.At, len(items)), nil
	}
	return at + 1, nil
}
