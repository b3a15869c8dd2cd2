// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The documents show ids as strings and the samples as numbers, and fields may be null or missing. These types read all
// of it; each keeps its value on null.

// number reads 12, "12", 12.0 and, as no number, "".
type number struct {
	value int64
	given bool
}

func (n *number) UnmarshalJSON(data []byte) error {
	text := strings.TrimSpace(strings.Trim(string(data), `"`))
	if text == "null" || text == "" {
		return nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		float, floatErr := strconv.ParseFloat(text, 64)
		if value = int64(float); floatErr != nil || float64(value) != float {
			return fmt.Errorf("%.20s is not a whole number", data)
		}
	}
	n.value, n.given = value, true
	return nil
}

func (n *number) pointer() *int64 {
	if n == nil || !n.given {
		return nil
	}
	return &n.value
}

// text reads a string, or a number or boolean as it is written.
type text struct {
	value string
	given bool
}

func (t *text) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case 'n':
		return nil
	case '"':
		if err := json.Unmarshal(data, &t.value); err != nil {
			return err
		}
	case '{', '[':
		return fmt.Errorf("%.20s is not text", data)
	default:
		t.value = string(data)
	}
	t.given = true
	return nil
}

func (t *text) pointer() *string {
	if t == nil || !t.given {
		return nil
	}
	return &t.value
}

// truth reads true, "True" and null.
type truth struct{ value, given bool }

func (t *truth) UnmarshalJSON(data []byte) error {
	word := strings.Trim(string(data), `"`)
	if word == "null" || word == "" {
		return nil
	}
	value, err := strconv.ParseBool(strings.ToLower(word))
	if err != nil {
		return fmt.Errorf("%.20s is neither true nor false", data)
	}
	t.value, t.given = value, true
	return nil
}

// orElse is the value, or what to take when there is none.
func (t truth) orElse(fallback bool) bool {
	if t.given {
		return t.value
	}
	return fallback
}

// many reads a list, null, or one element where a list is expected.
type many[T any] []T

func (m *many[T]) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if data[0] == '[' {
		var list []T
		err := json.Unmarshal(data, &list)
		*m = list
		return err
	}
	if string(data) == "null" {
		*m = nil
		return nil
	}
	var one T
	err := json.Unmarshal(data, &one)
	*m = many[T]{one}
	return err
}

// cursor reads null, an opaque string, or a number.
type cursor string

func (c *cursor) UnmarshalJSON(data []byte) error {
	var read text
	if err := read.UnmarshalJSON(data); err != nil {
		return err
	}
	// As a number it says how far the list has come: nothing follows after 0 or -1.
	if offset, err := strconv.ParseInt(read.value, 10, 64); err == nil && offset <= 0 && data[0] != '"' {
		return nil
	}
	*c = cursor(read.value)
	return nil
}
