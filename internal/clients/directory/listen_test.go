// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// listen accepts connections on loopback until the test ends, and serves each in a goroutine of its own. It returns the
// address with its scheme.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer func() { _ = conn.Close() }()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return "ldap://" + listener.Addr().String()
}

// answerAll answers every request of a connection with what answer returns for it.
func answerAll(conn net.Conn, answer func(id int64, operation *ber.Packet) []byte) {
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	requests := bufio.NewReader(conn)
	for {
		request, err := ber.ReadPacket(requests)
		if err != nil || len(request.Children) < 2 {
			return
		}
		id, ok := request.Children[0].Value.(int64)
		if !ok {
			return
		}
		if _, err := conn.Write(answer(id, request.Children[1])); err != nil {
			return
		}
	}
}

// isSearch reports whether the request is a search.
func isSearch(operation *ber.Packet) bool { return operation.Tag == ldap.ApplicationSearchRequest }

func envelope(id int64, operation *ber.Packet) []byte {
	packet := ber.NewSequence("")
	packet.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	packet.AppendChild(operation)
	return packet.Bytes()
}

func octets(text string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, text, "")
}

// entryPacket is an entry with these attributes, "name: value" a line.
func entryPacket(dn, attributes string) *ber.Packet {
	entry := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	entry.AppendChild(octets(dn))
	list := ber.NewSequence("")
	for line := range strings.Lines(attributes) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		attribute := ber.NewSequence("")
		attribute.AppendChild(octets(name))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		set.AppendChild(octets(value))
		attribute.AppendChild(set)
		list.AppendChild(attribute)
	}
	entry.AppendChild(list)
	return entry
}

// resultPacket ends a search, or answers a bind, with a result code and the server's words.
func resultPacket(application ber.Tag, code int64, words string) *ber.Packet {
	result := ber.Encode(ber.ClassApplication, ber.TypeConstructed, application, nil, "")
	result.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	result.AppendChild(octets(""))
	result.AppendChild(octets(words))
	return result
}
