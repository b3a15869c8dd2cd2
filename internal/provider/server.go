// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewServer serves the provider by Terraform's protocol, as the plugin framework does, but with big maps packed
// (package packed), and in memory that does not grow with the number of calls. The framework remembers the context of
// every call for the day when Terraform says stop, and with it the call's gRPC stream and loggers: some 7 KB a call,
// four calls for each resource of a plan.
func NewServer(version string) tfprotov6.ProviderServer {
	served := &directoryProvider{version: version, notices: &notices{}}
	complete, ok := providerserver.NewProtocol6(served)().(completeServer)
	if !ok {
		panic("this version of the plugin framework serves no lists or no actions")
	}
	packing := &packingServer{complete, packedAttributes(context.Background(), served)}
	return &thriftyServer{packing, served.notices}
}

// completeServer is everything that this provider offers.
type completeServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// thriftyServer runs the calls that come once for each resource or data source with a context that can be garbage
// collected afterwards.
type thriftyServer struct {
	completeServer
	notices *notices
}

func (s *thriftyServer) ValidateResourceConfig(
	ctx context.Context,
	req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return call(ctx, req, s.completeServer.ValidateResourceConfig)
}

func (s *thriftyServer) UpgradeResourceState(
	ctx context.Context,
	req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return call(ctx, req, s.completeServer.UpgradeResourceState)
}

func (s *thriftyServer) UpgradeResourceIdentity(
	ctx context.Context,
	req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, req, s.completeServer.UpgradeResourceIdentity)
}

func (s *thriftyServer) ReadResource(
	ctx context.Context,
	req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := call(ctx, req, s.completeServer.ReadResource)
	if resp != nil {
		resp.Diagnostics = append(resp.Diagnostics, s.notices.take()...)
	}
	return resp, err
}

func (s *thriftyServer) PlanResourceChange(
	ctx context.Context,
	req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := call(ctx, req, s.completeServer.PlanResourceChange)
	if resp != nil {
		resp.Diagnostics = append(resp.Diagnostics, s.notices.take()...)
	}
	return resp, err
}

func (s *thriftyServer) ApplyResourceChange(
	ctx context.Context,
	req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := call(ctx, req, s.completeServer.ApplyResourceChange)
	if resp != nil {
		resp.Diagnostics = append(resp.Diagnostics, s.notices.take()...)
	}
	return resp, err
}

func (s *thriftyServer) ImportResourceState(
	ctx context.Context,
	req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := call(ctx, req, s.completeServer.ImportResourceState)
	if resp != nil {
		resp.Diagnostics = append(resp.Diagnostics, s.notices.take()...)
	}
	return resp, err
}

func (s *thriftyServer) ValidateDataResourceConfig(
	ctx context.Context,
	req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return call(ctx, req, s.completeServer.ValidateDataResourceConfig)
}

func (s *thriftyServer) ReadDataSource(
	ctx context.Context,
	req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := call(ctx, req, s.completeServer.ReadDataSource)
	if resp != nil {
		resp.Diagnostics = append(resp.Diagnostics, s.notices.take()...)
	}
	return resp, err
}

// ListResource hands out warnings with the first result: the login that they are about comes before it.
func (s *thriftyServer) ListResource(
	ctx context.Context,
	req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.completeServer.ListResource(ctx, req)
	if err != nil {
		return stream, err
	}
	stream.Results = changed(stream.Results, func(result *tfprotov6.ListResourceResult) {
		result.Diagnostics = append(result.Diagnostics, s.notices.take()...)
	})
	return stream, nil
}

func (s *thriftyServer) InvokeAction(
	ctx context.Context,
	req *tfprotov6.InvokeActionRequest,
) (*tfprotov6.InvokeActionServerStream, error) {
	stream, err := s.completeServer.InvokeAction(ctx, req)
	if err != nil {
		return stream, err
	}
	stream.Events = changed(stream.Events, func(event *tfprotov6.InvokeActionEvent) {
		if completed, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
			completed.Diagnostics = append(completed.Diagnostics, s.notices.take()...)
			event.Type = completed
		}
	})
	return stream, nil
}

// changed yields what the change leaves of each element, just before the element is taken.
func changed[T any](all iter.Seq[T], change func(*T)) iter.Seq[T] {
	return func(yield func(T) bool) {
		for element := range all {
			change(&element)
			if !yield(element) {
				return
			}
		}
	}
}

func (s *thriftyServer) CallFunction(
	ctx context.Context,
	req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	return call(ctx, req, s.completeServer.CallFunction)
}

// call makes a call whose context holds nothing any more once it is over.
func call[Request, Response any](
	ctx context.Context,
	req Request,
	do func(context.Context, Request) (Response, error),
) (Response, error) {
	held := &callContext{}
	held.now.Store(&ctx)
	defer held.now.Store(&over)
	return do(held, req)
}

// callContext is the context of a call while that lasts, and an empty one that has ended from then on.
type callContext struct {
	now atomic.Pointer[context.Context]
}

// over is the context of every call that is over.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func (c *callContext) Deadline() (time.Time, bool) { return (*c.now.Load()).Deadline() }
func (c *callContext) Done() <-chan struct{}       { return (*c.now.Load()).Done() }
func (c *callContext) Err() error                  { return (*c.now.Load()).Err() }
func (c *callContext) Value(key any) any           { return (*c.now.Load()).Value(key) }
