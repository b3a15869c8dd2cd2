// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

func TestInDoubt(t *testing.T) {
	t.Parallel()
	type key struct{}
	for name, c := range map[string]struct {
		end  func(parent context.Context) (context.Context, context.CancelFunc)
		want time.Duration
	}{
		"nothing ends":        {endless, 15 * time.Second},
		"interrupted":         {context.WithCancel, 3 * time.Second},
		"interrupted already": {cancelled, 2 * time.Second},
		"out of time": {func(p context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(p, 500*time.Millisecond)
		}, 15 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				parent, cancel := c.end(context.WithValue(t.Context(), key{}, "kept"))
				defer cancel()
				begun := time.Now()
				ctx, done := transport.InDoubt(parent, 15*time.Second)
				defer done()
				if ctx.Value(key{}) != "kept" {
					t.Error("the caller's values are lost")
				}
				time.AfterFunc(time.Second, cancel)
				<-ctx.Done()
				if took := time.Since(begun); took != c.want {
					t.Errorf("ended after %s, want %s", took, c.want)
				}
			})
		})
	}
	ctx, done := transport.InDoubt(t.Context(), time.Minute)
	if done(); !errors.Is(ctx.Err(), context.Canceled) {
		t.Error("goes on after it is done with")
	}
}

func endless(parent context.Context) (context.Context, context.CancelFunc) { return parent, func() {} }

func cancelled(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	cancel()
	return ctx, cancel
}
