// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

const (
	// attempts is how often an import is sent whose answers are lost.
	attempts = 4
	// firstPause doubles with each attempt, where the server does not ask for another wait.
	firstPause = 200 * time.Millisecond
)

// Imported is a user or group after an import.
type Imported[T any] struct {
	Entity T

	// Created: this run saw that the name was free before it sent the import, so no one else made the account.
	Created bool

	// Existed: there was an account of that name, and it was adopted.
	Existed bool

	// Doubt says why it is not known whether the import succeeded. Entity is then what was asked for and has no id.
	Doubt error
}

// request is one import of a name that a look has found free.
type request[T any] struct {
	send func(context.Context) (T, error)

	// look finds what has the name at this moment; vcdapi.ErrNotFound if it is free.
	look func(context.Context) (T, error)

	// isOurs: the look before the import would have seen the entity, which is also of the right provider type.
	isOurs func(T) bool
}

// run sends the import until its outcome is clear. The error is an *ExistsError where someone else took the name
// since the look before, else the server's refusal, or transport.ErrAnswerLost where the last look found nothing.
func (r request[T]) run(ctx context.Context) (Imported[T], error) {
	for attempt := 1; ; attempt++ {
		entity, err := r.sendOnce(ctx)
		if err == nil {
			return Imported[T]{Entity: entity, Created: true}, nil
		}
		resent := attempt > 1 && errors.Is(err, vcdapi.ErrExists)
		if !resent && !vcdapi.MayHaveActed(err) {
			return Imported[T]{}, existsError(err)
		}
		found, lookErr := r.lookAfter(ctx)
		switch {
		case lookErr == nil && r.isOurs(found):
			return Imported[T]{Entity: found, Created: true}, nil
		case lookErr == nil:
			return Imported[T]{}, existsError(fmt.Errorf("%w: %w", vcdapi.ErrExists, err))
		case !errors.Is(lookErr, vcdapi.ErrNotFound):
			return Imported[T]{Doubt: fmt.Errorf("%w; and the look-up after it failed: %w", err, lookErr)}, nil
		case resent, attempt == attempts, ctx.Err() != nil, !isWorthRepeating(err):
			return Imported[T]{}, err
		}
		if transport.Pause(ctx, pauseBefore(attempt, err)) != nil {
			return Imported[T]{}, err
		}
	}
}

func (r request[T]) sendOnce(ctx context.Context) (T, error) {
	ctx, cancel := transport.Sending(ctx, transport.SendLimit)
	defer cancel()
	return r.send(ctx)
}

// lookAfter looks for the entity although the caller's context may have ended: state must not lose what the import
// made.
func (r request[T]) lookAfter(ctx context.Context) (T, error) {
	ctx, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	return r.look(ctx)
}

// isWorthRepeating reports whether a failure may pass, rather than one that the server would repeat. A 500 may be
// either.
func isWorthRepeating(err error) bool {
	switch transport.Status(err) {
	case 0, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable,
		http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

// pauseBefore is how long to wait before the import is sent again, or longer where the server asks for that.
func pauseBefore(attempt int, err error) time.Duration {
	asked, _ := transport.RetryAfter(err)
	return max(asked, firstPause<<(attempt-1))
}

// existsError marks a refusal because of a name that is taken.
func existsError(err error) error {
	if errors.Is(err, vcdapi.ErrExists) {
		return &ExistsError{Cause: err}
	}
	return err
}
