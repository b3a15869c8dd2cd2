// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"net/http"
	"slices"
)

// task is an asynchronous deletion.
type task struct {
	id     string
	org    *organization
	user   *User
	polls  int // how often it still answers "running"
	status string
	failed string // what it will fail with
}

// takeOwnership moves what a user owns to the caller.
func (s *Server) takeOwnership(c *caller, u *User) *fault {
	switch s.opts.Ownership {
	case OwnershipRefused:
		return forbidden()
	case OwnershipNoEndpoint:
		return notFound("takeOwnership")
	case OwnershipFails:
		return refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "[ %s ] Internal Server Error", newUUID())
	}
	to := c.session.user
	if to != u {
		to.PoweredOffVMs = append(to.PoweredOffVMs, u.PoweredOffVMs...)
		to.RunningVMs = append(to.RunningVMs, u.RunningVMs...)
		to.Catalogs = append(to.Catalogs, u.Catalogs...)
		u.PoweredOffVMs, u.RunningVMs, u.Catalogs = nil, nil, nil
	}
	u.OwnershipTaken = true
	return nil
}

func refuseBusyOwner(u *User) *fault {
	if len(u.RunningVMs)+len(u.Catalogs) == 0 {
		return nil
	}
	return refuse(http.StatusBadRequest, "BAD_REQUEST", "The user %q cannot be deleted because they own running VMs, "+
		"catalogs or networks.", u.Username)
}

// destroyUser deletes a user with everything that goes with them.
func (s *Server) destroyUser(o *organization, u *User) {
	s.deletions = append(s.deletions, Deletion{
		Org: o.name, Username: u.Username, OwnershipTaken: u.OwnershipTaken, LostVMs: slices.Clone(u.PoweredOffVMs),
	})
	o.remove(u)
}

// startDeletion answers a DELETE through CloudAPI: by a task or at once.
func (s *Server) startDeletion(c *caller, w http.ResponseWriter, u *User) *fault {
	busy := refuseBusyOwner(u)
	if busy != nil && (s.opts.Busy == BusyAtOnce || s.opts.Deletion == DeletionAtOnce) {
		return busy
	}
	if u == c.session.user {
		return badRequest("You cannot delete your own account.")
	}
	if s.opts.Deletion == DeletionAtOnce {
		s.destroyUser(c.org, u)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	t := &task{id: newUUID(), org: c.org, user: u, polls: s.opts.TaskPolls, status: "running"}
	switch {
	case busy != nil:
		t.failed = busy.message
	case s.opts.Deletion == DeletionTaskFails:
		t.failed = "Unable to perform this action. Contact your cloud administrator."
	}
	s.tasks[t.id] = t
	if t.polls == 0 {
		s.finish(t)
	}
	w.Header().Set("Location", s.URL()+"/api/task/"+t.id)
	w.WriteHeader(http.StatusAccepted)
	return nil
}

func (s *Server) finish(t *task) {
	if t.failed != "" {
		t.status = "error"
		return
	}
	t.status = "success"
	if t.org.byID[t.user.ID] == t.user {
		s.destroyUser(t.org, t.user)
	}
}

func (s *Server) getTask(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	t := s.tasks[r.PathValue("id")]
	if t == nil {
		return s.missing("task")
	}
	if t.status == "running" {
		if t.polls > 0 {
			t.polls--
		} else {
			s.finish(t)
		}
	}
	content := ""
	if t.status == "error" {
		content = errorElement(http.StatusBadRequest, "BAD_REQUEST", t.failed, false)
	}
	writeXML(w, c.version, http.StatusOK, "vnd.vmware.vcloud.task", fmt.Sprintf(
		`<Task xmlns="%s" status="%s" operation="Deleting User (%s)" operationName="userDelete" id="urn:vcloud:task:%s" `+
			`href="%s/api/task/%s" type="application/vnd.vmware.vcloud.task+xml" name="task">%s</Task>`,
		xmlNamespace, t.status, escape(t.user.Username), t.id, s.URL(), t.id, content))
	return nil
}
