// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"time"
)

const (
	// doubtLimit bounds the look-ups of InDoubt, interruptLimit what is left of them once the user has asked for an end.
	doubtLimit     = 15 * time.Second
	interruptLimit = 2 * time.Second
)

// InDoubt returns the context for the look-ups that find out what became of a request without a clear answer. These
// have to go on although the caller's context has ended, or state would lose what the request did. They end after 15
// seconds, and 2 seconds after the caller's context was cancelled (Ctrl-C); a deadline of the caller does not shorten
// them.
func InDoubt(ctx context.Context) (context.Context, context.CancelFunc) {
	lookUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), doubtLimit)
	stop := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.Canceled) {
			time.AfterFunc(interruptLimit, cancel)
		}
	})
	return lookUp, func() {
		stop()
		cancel()
	}
}
