// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"time"
)

const (
	// LookUpLimit is how long a look-up after a request without a clear answer may take, see InDoubt.
	LookUpLimit = 30 * time.Second
	// interruptLimit is how long it may go on once the user has asked for an end.
	interruptLimit = 2 * time.Second
	// SendLimit is how long a request may take whose answer state depends on, see Sending.
	SendLimit = 2 * time.Minute
)

// Sending returns the context for a request whose answer must not be lost, such as that of a create. It ends after the
// limit. After Ctrl-C the answer to a request on its way has 2 seconds to come, as has a request that waits to be sent.
// If ctx has ended before, nothing is sent.
func Sending(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil {
		return context.WithCancel(ctx)
	}
	return InDoubt(ctx, limit)
}

// InDoubt returns the context for the look-ups that find out what became of a request without a clear answer. These
// have to go on although the caller's context has ended, or state would lose what the request did. They end after the
// limit, and 2 seconds after the caller's context was cancelled (Ctrl-C); a deadline of the caller does not shorten
// them. What is not known by then stays in doubt.
func InDoubt(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	lookUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
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

// Pause waits. Its error is that of a context that ends before.
func Pause(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}
