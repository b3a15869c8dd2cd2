// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"fmt"
	"net/http"
)

// statusText is an HTTP status for people: 409 Conflict.
func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return fmt.Sprintf("status %d", status)
}
